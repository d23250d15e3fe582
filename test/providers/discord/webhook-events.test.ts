/** Discord's webhook events, at an endpoint of their own. */
import { PermanentError } from "@answerback/core";
import { discordWebhookEvents } from "@answerback/providers/discord";
import { describe, expect, it } from "vitest";
import { countingClock, faulty, two } from "../../life-cycle/support.ts";
import { openHouse, type HouseOptions } from "../../support/house.ts";
import { other, publicKey, sender, sent } from "./support.ts";

const authorized = (fields?: object, at?: number) => sent(sender.webhookEvent, fields, at);

describe.each(two)("$name", (framework) => {
  const open = ({ options, ...given }: HouseOptions = {}) =>
    openHouse(framework, "upsales", {
      provider: discordWebhookEvents({ publicKey }),
      ...given,
      options: { authenticate: undefined, requireHttps: false, ...options },
    });

  it("discord.9 a PING is an empty 204, and so is an event, once it is handled", async () => {
    const house = await open();
    expect(await house.deliver(sent(sender.webhookPing))).toMatchObject({ status: 204, text: "" });
    expect(house.events).toEqual([]);
    const sample = authorized();
    expect(await house.deliver(sample)).toMatchObject({ status: 204, text: "" });
    const { application_id, event } = JSON.parse(sample.body);
    const { type, timestamp, data } = event;
    expect(house.events).toMatchObject([{ type, timestamp, data, application_id }]);
  });

  it("discord.9 what Discord did not sign is a 401", async () => {
    const house = await open();
    expect((await house.deliver(sent(other.webhookPing))).status).toBe(401);
    expect((await house.deliver(sent(other.webhookEvent))).status).toBe(401);
  });

  it("discord.9 an event that is not listed goes to the rest, data or not", async () => {
    const house = await open();
    await house.deliver(authorized({ type: "QUEST_USER_ENROLLMENT", data: undefined }));
    expect(house.events).toMatchObject([{ type: "*", name: "QUEST_USER_ENROLLMENT" }]);
  });

  it.each([[{ type: 1 }], [{ timestamp: undefined }], [{ data: "authorized" }]])(
    "discord.9 an event with %j is malformed",
    async (fields) => {
      const house = await open();
      expect((await house.deliver(authorized(fields))).status).toBe(400);
    },
  );

  it("discord.9 an event that is given up on is a 204, too, and is not sent again", async () => {
    const house = await open({ handle: () => Promise.reject(new PermanentError("no")) });
    const answer = await house.deliver(authorized());
    expect(answer).toMatchObject({ status: 204, text: "" });
    expect(answer.headers.get("content-length")).toBeNull();
  });

  it("discord.10 an event comes again until it is acknowledged, and is handled once", async () => {
    let runs = 0;
    const handle = () => {
      runs += 1;
      if (runs === 1) throw new Error("not yet");
    };
    const house = await open({ handle });
    const statuses = [];
    for (const _ of [1, 2, 3]) statuses.push((await house.deliver(authorized())).status);
    expect([statuses, runs]).toEqual([[500, 204, 204], 2]);
    await house.deliver(authorized({ timestamp: "2026-01-01T00:00:00.000000" }));
    await house.deliver(authorized({ type: "APPLICATION_DEAUTHORIZED" }));
    await house.deliver(authorized({ data: { user: { id: "1" } } }));
    expect(runs).toBe(5);
  });

  it("discord.10 a handler that takes longer than Discord waits is acknowledged on a durable backend", async () => {
    const clock = countingClock();
    const handled = Promise.withResolvers<void>();
    const house = await open({ clock, backend: faulty(clock), handle: () => handled.promise });
    const delivering = house.deliver(authorized({}, clock.now()));
    await expect.poll(() => house.events.length).toBe(1);
    await clock.advance(1_500);
    expect((await delivering).status).toBe(204);
    handled.resolve();
  });

  it("discord.9 a registration has the address, and the events that are handled", async () => {
    const house = await open({ handle: { ENTITLEMENT_CREATE: () => {} } });
    expect(house.receiver.registration({ url: "https://app.example/events" })).toEqual({
      event_webhooks_url: "https://app.example/events",
      event_webhooks_status: 2,
      event_webhooks_types: ["ENTITLEMENT_CREATE"],
    });
  });
});

it.each([
  [{}, "missing"],
  [{ publicKey: "abc" }, "invalid"],
  [{ publicKey, ephemeral: true }, "unknown"],
])("discord.9 %j is refused at creation", (options, code) => {
  expect(() => discordWebhookEvents(options as any)).toThrow(
    expect.objectContaining({ name: "OptionError", code }),
  );
});
