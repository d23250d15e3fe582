/** Telegram, with the secret in its header, and played by the simulator. */
import { telegram } from "@answerback/providers/telegram";
import { senders } from "@answerback/simulator";
import { describe, expect, it } from "vitest";
import { countingClock, faulty, two } from "../life-cycle/support.ts";
import type { Sample } from "../support/deliveries.ts";
import { openHouse, type HouseOptions } from "../support/house.ts";
import { faultsOf } from "./judged.ts";

const secretToken = "a-secret_token";
const [sender] = senders.telegram({ secretToken }).senders;
const from = { id: 5, is_bot: false, first_name: "Ada" };
const message = { message_id: 1, from, chat: { id: 5, type: "private" }, date: 1_767_225_600, text: "Hi" };
const said = { method: "sendMessage", chat_id: 5, text: "Hello!" };

function update(update_id: unknown, fields: object, token = secretToken): Sample {
  return {
    path: "/upsales",
    headers: { "content-type": "application/json", "x-telegram-bot-api-secret-token": token },
    body: JSON.stringify({ update_id, ...fields }),
  };
}

describe.each(two)("$name", (framework) => {
  const open = (given: HouseOptions = {}, token: any = secretToken) =>
    openHouse(framework, "upsales", {
      provider: telegram({ secretToken: token }),
      options: { authenticate: undefined },
      ...given,
    });

  it("telegram.1 what has the secret is let in, under either while it changes; else it is a 401", async () => {
    const house = await open({}, [secretToken, "the-old-one"]);
    expect((await house.deliver(update(1, { message }))).status).toBe(200);
    expect((await house.deliver(update(2, { message }, "the-old-one"))).status).toBe(200);
    for (const token of ["", "A-secret_token", `${secretToken}x`])
      expect((await house.deliver(update(3, { message }, token))).status).toBe(401);
    expect(house.events).toHaveLength(2);
  });

  it("telegram.2 the field beside the id is the event", async () => {
    const house = await open();
    const callback_query = { id: "9", from, message, data: "approve", chat_instance: "3" };
    await house.deliver(update(1, { message }));
    await house.deliver(update(2, { callback_query }));
    await house.deliver(update(3, { poll: { id: "1" } }));
    await house.deliver(update(4, { guest_message: { id: "1" } }));
    await house.deliver(update(5, {}));
    expect(house.events).toMatchObject([
      { type: "message", data: message, update_id: 1 },
      { type: "callback_query", data: callback_query, update_id: 2 },
      { type: "poll", data: { id: "1" } },
      { type: "*", name: "guest_message" },
      { type: "*", name: "update", data: undefined },
    ]);
  });

  it.each([
    [{ message, poll: {} }, 1],
    [{ message }, "1"],
    [{ message }, undefined],
    [{ message: "Hi" }, 1],
  ])("telegram.2 %j with the id %j is malformed", async (fields, id) => {
    const house = await open();
    expect((await house.deliver(update(id, fields))).status).toBe(400);
  });

  it("telegram.2 what differs in a field is handed over, and told", async () => {
    const house = await open();
    await house.deliver(update(1, { message: { ...message, date: "today" } }));
    expect(house.events).toMatchObject([{ type: "message", data: { date: "today" } }]);
    expect(house.warnings.map(({ code }) => code)).toContain("schema_drift");
  });

  it("telegram.3 the id of the update is its key", async () => {
    const house = await open();
    await house.deliver(update(1, { message }));
    await house.deliver(update(1, { message }));
    await house.deliver(update(2, { message }));
    expect(house.events).toHaveLength(2);
  });

  it("telegram.4 the answer goes out in the reply as one method, and again to a duplicate", async () => {
    const house = await open({ handle: () => said });
    for (const _ of [1, 2]) {
      const { status, json, headers } = await house.deliver(update(1, { message }));
      expect([status, json, headers.get("content-type")]).toEqual([
        200,
        said,
        "application/json; charset=utf-8",
      ]);
    }
    const quiet = await open();
    expect((await quiet.deliver(update(1, { message }))).text).toBe("");
  });

  it.each([{ text: "no method" }, { method: "../deleteWebhook" }, "Hello!"])(
    "telegram.4 %j is no method, and told",
    async (answer) => {
      const house = await open({ handle: () => answer });
      expect((await house.deliver(update(1, { message }))).status).toBe(500);
      expect(house.told).toMatchObject([{ facts: { code: "invalid_answer" } }]);
    },
  );

  it("telegram.4 a method that comes after 25 s is dropped, with a warning", async () => {
    const clock = countingClock();
    const handled = Promise.withResolvers<object>();
    const house = await open({ clock, backend: faulty(clock), handle: () => handled.promise });
    const delivering = house.deliver(update(1, { message }));
    await expect.poll(() => house.events.length).toBe(1);
    await clock.advance(25_000);
    expect(await delivering).toMatchObject({ status: 200, text: "" });
    handled.resolve(said);
    await expect.poll(() => house.warnings.map(({ message: told }) => told).join()).toMatch(/method/);
  });

  it("telegram.5 what is to be registered: the address, the secret, the updates that are handled", async () => {
    const house = await open({ handle: { message: () => {}, poll: () => {} } });
    const url = "https://app.example/hooks/telegram";
    expect(house.receiver.registration({ url })).toEqual({
      url,
      secret_token: secretToken,
      allowed_updates: ["message", "poll"],
    });
  });

  it(
    "telegram.1 telegram.3 telegram.4 the judge of Telegram finds nothing wrong",
    { timeout: 60_000 },
    async () => {
      expect(
        await faultsOf(framework, {
          sender: sender!,
          make: () => telegram({ secretToken }),
          idOf: ({ update_id }) => String(update_id),
        }),
      ).toEqual([]);
    },
  );
});

it.each([
  [{}, "missing"],
  [{ secretToken: "" }, "empty"],
  [{ secretToken: "a secret" }, "invalid"],
  [{ secretToken: "x".repeat(257) }, "invalid"],
  [{ secretToken, token: "1:a" }, "unknown"],
])("telegram.1 %j is refused at creation", (options, code) => {
  expect(() => telegram(options as any)).toThrow(expect.objectContaining({ name: "OptionError", code }));
});
