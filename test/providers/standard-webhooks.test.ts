/** Standard Webhooks, signed by their own library. */
import { standardWebhooks, type StandardWebhooksOptions } from "@answerback/providers/standard-webhooks";
import { Webhook } from "standardwebhooks";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { Sample } from "../support/deliveries.ts";
import { openHouse, type HouseOptions } from "../support/house.ts";
import { two } from "../life-cycle/support.ts";

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const events = { "user.created": { data: z.looseObject({ id: z.string() }) } };

/** A message as its sender signs it. */
function message(body: object, { id = "msg_1", at = new Date(), key = secret } = {}): Sample {
  const text = JSON.stringify(body);
  return {
    path: "/upsales",
    headers: {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(at.getTime() / 1_000)),
      "webhook-signature": new Webhook(key).sign(id, at, text),
    },
    body: text,
  };
}

const created = { type: "user.created", timestamp: "2026-01-01T00:00:00Z", data: { id: "user_1" } };

describe.each(two)("$name", (framework) => {
  const open = (given: HouseOptions = {}, options: Partial<StandardWebhooksOptions<any>> = {}) =>
    openHouse(framework, "upsales", {
      provider: standardWebhooks({ secret, events, ...options }),
      options: { authenticate: undefined },
      ...given,
    });

  it("standard.1 a signed message is let in, a tampered or stale one is a 401", async () => {
    const house = await open();
    expect((await house.deliver(message(created))).status).toBe(200);
    expect(house.events).toMatchObject([
      { type: "user.created", data: { id: "user_1" }, webhookId: "msg_1", timestamp: created.timestamp },
    ]);
    const tampered = {
      ...message(created, { id: "msg_2" }),
      body: JSON.stringify({ ...created, data: { id: "x" } }),
    };
    expect((await house.deliver(tampered)).status).toBe(401);
    const stale = message(created, { id: "msg_3", at: new Date(Date.now() - 301_000) });
    expect((await house.deliver(stale)).status).toBe(401);
    expect(house.events).toHaveLength(1);
  });

  it("standard.2 the id of the message is the key, whatever the timestamp of the attempt", async () => {
    const house = await open();
    await house.deliver(message(created));
    await house.deliver(message(created, { at: new Date(Date.now() - 60_000) }));
    await house.deliver(message(created, { id: "msg_2" }));
    expect(house.events).toHaveLength(2);
  });

  it("standard.3 an event is what its body says; others go to the rest, and what is no event is malformed", async () => {
    const house = await open();
    await house.deliver(message({ type: "user.renamed", data: 1 }, { id: "msg_1" }));
    expect(house.events).toMatchObject([{ type: "*", name: "user.renamed", data: 1 }]);
    expect((await house.deliver(message({ data: 1 }, { id: "msg_2" }))).status).toBe(400);
    expect((await house.deliver(message({ ...created, data: {} }, { id: "msg_3" }))).status).toBe(400);
  });

  it("standard.4 a receiver has the sender's name", async () => {
    const house = await open({}, { name: "clerk" });
    expect(house.receiver.name).toBe("clerk");
  });
});

it.each([
  [{}, "missing"],
  [{ secret: "" }, "empty"],
  [{ secret, nam: "clerk" }, "unknown"],
  [{ secret, events: { a: { dta: 1 } } }, "unknown"],
])("standard.1 %j is refused at creation", (options, code) => {
  expect(() => standardWebhooks(options as any)).toThrow(
    expect.objectContaining({ name: "OptionError", code }),
  );
});
