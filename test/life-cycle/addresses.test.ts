/** An address that may not be posted to costs its event nothing but the post, and is told at once (upsales.17). */
import { memory, upsales } from "@answerback/core";
import { describe, expect, it } from "vitest";
import { acme, ask } from "../support/acme.ts";
import { sample, withFields } from "../support/deliveries.ts";
import { openHouse } from "../support/house.ts";
import { manualClock } from "../support/manual-clock.ts";
import { two } from "./support.ts";

const url = "https://apps.example.com/callback/secret-4711";
const order = withFields(sample("upsales/order-insert"), { callbackUrl: url });
const hello = { callback: { notify: "Hello!" } };

describe.each(two)("$name", (framework) => {
  it("upsales.17 upsales.5 the event is handled, its callback goes inline, and the host is told with the option", async () => {
    const house = await openHouse(framework, "upsales", { handle: () => hello });
    expect((await house.deliver(order)).json).toEqual(hello);
    expect(house.told.map(({ facts }) => facts)).toMatchObject([
      { stage: "post", code: "callback_url_refused", name: "order.insert", key: house.events[0].key },
    ]);
    const { message } = house.told[0]!.error;
    expect(message).toMatch(/apps\.example\.com.*upsales\.com.*callbackHosts/);
    expect(message).not.toContain("secret-4711");
    await expect
      .poll(() => house.receiver.find(house.events[0].key))
      .toMatchObject({ state: "settled", work: undefined });
  });

  it("upsales.17 its post is a dead letter, never sent, and is sent once the host is allowed", async () => {
    const clock = manualClock();
    const backend = memory({ clock });
    const options = { answerWithin: 0 };
    const house = await openHouse(framework, "upsales", { clock, backend, options, handle: () => hello });
    expect((await house.deliver(order)).json).toEqual({});
    await house.receiver.idle();
    const letters = await house.receiver.deadLetters.list();
    expect(letters).toMatchObject([
      { work: "callback", attempts: 0, error: { code: "callback_url_refused" } },
    ]);
    expect(house.posts).toEqual([]);
    await house.receiver.close();

    const provider = upsales({ callbackHosts: ["upsales.com", "example.com"] });
    const mended = await openHouse(framework, "upsales", { clock, backend, provider, options });
    await mended.receiver.deadLetters.retry(letters[0]!.key);
    await mended.receiver.idle();
    expect(mended.posts.map((post) => [post.url, post.body])).toEqual([[url, hello.callback]]);
    expect(mended.observed).toMatchObject([{ kind: "post", outcome: "accepted", attempt: 1 }]);
  });
});

it("any.37 an address that is none, and whose time is over, leaves a dead letter that is told", async () => {
  const clock = manualClock();
  const late = Promise.withResolvers<object>();
  const decode = () => ({ type: "asked", data: {}, key: [1], callbackUrl: "nowhere" });
  const house = await openHouse(two[0]!, "upsales", {
    clock,
    provider: acme({ decode }, { expires: "1m" }),
    options: { authenticate: false, answerWithin: 0 },
    handle: () => late.promise,
  });
  await house.deliver(ask(1));
  await clock.advance(60_000);
  late.resolve({ text: "Done." });
  await house.receiver.idle();
  expect(await house.receiver.find(house.events[0].key)).toMatchObject({
    state: "dead",
    error: { code: "callback_expired" },
  });
  expect(house.told.at(-1)).toMatchObject({ facts: { stage: "post", code: "callback_expired" } });
});
