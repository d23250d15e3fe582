/** Stripe, signed by its own package and played by the simulator. */
import { readFileSync } from "node:fs";
import { stripe, type StripeOptions } from "@answerback/providers/stripe";
import { senders } from "@answerback/simulator";
import Stripe from "stripe";
import { describe, expect, it } from "vitest";
import { countingClock, two } from "../life-cycle/support.ts";
import type { Sample } from "../support/deliveries.ts";
import { openHouse, type HouseOptions } from "../support/house.ts";
import { faultsOf } from "./judged.ts";

const secret = "whsec_a_secret_of_the_endpoint";
const [events, authorizations] = senders.stripe({ secret }).senders;
const idOf = ({ id }: any) => id;
const { webhooks } = new Stripe("sk_test_none");
const options = { authenticate: undefined };

const paid = {
  id: "evt_1",
  object: "event",
  api_version: "2025-09-30.clover",
  created: 1_767_225_600,
  livemode: false,
  type: "invoice.paid",
  data: { object: { id: "in_1", object: "invoice", amount_paid: 4_900 } },
};

const asked = {
  ...paid,
  type: "issuing_authorization.request",
  data: { object: { id: "iauth_1", object: "issuing.authorization" } },
};

/** An event as Stripe's own package signs it. */
function event(fields: object, { at = Date.now(), by = secret } = {}): Sample {
  const payload = JSON.stringify(fields);
  const timestamp = Math.floor(at / 1_000);
  const signature = webhooks.generateTestHeaderString({ payload, secret: by, timestamp });
  return {
    path: "/upsales",
    headers: { "content-type": "application/json; charset=utf-8", "stripe-signature": signature },
    body: payload,
  };
}

describe.each(two)("$name", (framework) => {
  const open = (given: HouseOptions = {}, more: Partial<StripeOptions> = {}) =>
    openHouse(framework, "upsales", { provider: stripe({ secret, ...more }), options, ...given });

  it("stripe.1 what Stripe's own package signed is let in; tampered, stale or signed by another it is a 401", async () => {
    const house = await open();
    expect((await house.deliver(event(paid))).status).toBe(200);
    const tampered = { ...event(paid), body: JSON.stringify({ ...paid, id: "evt_2" }) };
    for (const bad of [tampered, event(paid, { at: Date.now() - 301_000 }), event(paid, { by: "whsec_x" })])
      expect((await house.deliver(bad)).status).toBe(401);
    expect(house.events).toHaveLength(1);
  });

  it("stripe.1 both secrets are good while the endpoint's rotates", async () => {
    const house = await open({}, { secret: [secret, "whsec_the_old_one"] });
    expect((await house.deliver(event(paid))).status).toBe(200);
    expect((await house.deliver(event({ ...paid, id: "evt_2" }, { by: "whsec_the_old_one" }))).status).toBe(
      200,
    );
    expect(house.events).toHaveLength(2);
  });

  it("stripe.2 the handler finds what Stripe's page shows, data.object and the fields beside it", async () => {
    const house = await open();
    await house.deliver(event(paid));
    const { type, ...beside } = paid;
    expect(house.events).toMatchObject([{ ...beside, type, name: type }]);
  });

  it("stripe.2 a type that is not listed goes to the rest, thin events too; without an object it is malformed", async () => {
    const house = await open();
    await house.deliver(event({ ...paid, id: "evt_2", type: "invoice.sung" }));
    await house.deliver(event({ id: "evt_3", object: "v2.core.event", type: "v2.core.account.updated" }));
    expect(house.events).toMatchObject([
      { type: "*", name: "invoice.sung", data: paid.data },
      { type: "*", name: "v2.core.account.updated", data: undefined },
    ]);
    expect((await house.deliver(event({ ...paid, id: "evt_4", data: {} }))).status).toBe(400);
    expect((await house.deliver(event({ type: "invoice.paid" }))).status).toBe(400);
  });

  it("stripe.2 a type that Stripe added since is named by the app", async () => {
    const more: any = { moreTypes: ["invoice.sung"] };
    const house = await open({ handle: { "invoice.sung": () => {} } }, more);
    await house.deliver(event({ ...paid, type: "invoice.sung" }));
    expect(house.events).toMatchObject([{ type: "invoice.sung" }]);
  });

  it("stripe.3 the event's id is its key, whenever it is sent again", async () => {
    const house = await open();
    await house.deliver(event(paid));
    await house.deliver(event(paid, { at: Date.now() - 60_000 }));
    await house.deliver(event({ ...paid, id: "evt_2" }));
    expect(house.events).toHaveLength(2);
  });

  it("stripe.4 a decision goes out in the reply, with the version of the event", async () => {
    const decision = { approved: true, amount: 500, metadata: { by: "rules" } };
    const house = await open({ handle: () => decision });
    const { status, headers, json } = await house.deliver(event(asked));
    expect([status, headers.get("stripe-version"), json]).toEqual([200, "2025-09-30.clover", decision]);
    expect(headers.get("content-type")).toMatch(/^application\/json/);
    await house.deliver(event(asked));
    expect(house.events).toHaveLength(2);
  });

  it("stripe.4 with another version where the app says one; without any it is an error that is told", async () => {
    const handle = () => ({ approved: false });
    const said = await open({ handle }, { apiVersion: "2026-01-28.dahlia" });
    expect((await said.deliver(event(asked))).headers.get("stripe-version")).toBe("2026-01-28.dahlia");
    const none = await open({ handle });
    expect((await none.deliver(event({ ...asked, api_version: null }))).status).toBe(500);
    expect(none.told).toMatchObject([{ error: { message: expect.stringMatching(/give stripe\(\{ apiV/) } }]);
  });

  it.each([undefined, {}, { approve: true }, { approved: "yes" }, { approved: true, amount: 0.5 }])(
    "stripe.4 %j is no decision, and told",
    async (answer) => {
      const house = await open({ handle: () => answer });
      expect((await house.deliver(event(asked))).status).toBe(500);
      expect(house.told).toMatchObject([{ facts: { code: "invalid_answer" } }]);
    },
  );

  it("stripe.4 whoever takes 2 s says nothing before Stripe has decided by itself", async () => {
    const clock = countingClock();
    const decided = Promise.withResolvers<object>();
    const house = await open({ clock, handle: () => decided.promise });
    let status = 0;
    const delivering = house.deliver(event(asked, { at: clock.now() })).then((answer) => {
      status = answer.status;
      return answer;
    });
    await expect.poll(() => house.events.length).toBe(1);
    await clock.advance(1_999);
    expect(status).toBe(0);
    await clock.advance(1);
    expect((await delivering).text).toBe("");
    expect(house.told).toMatchObject([{ facts: { code: "handler_timeout" } }]);
    decided.resolve({ approved: true });
  });

  it("stripe.5 what is to be registered: the types that are handled, or all", async () => {
    const url = "https://app.example/hooks/stripe";
    const some = await open(
      { handle: { "invoice.paid": () => {}, "charge.refunded": () => {} } },
      { apiVersion: "2025-09-30.clover" },
    );
    expect(some.receiver.registration({ url })).toEqual({
      url,
      enabled_events: ["charge.refunded", "invoice.paid"],
      api_version: "2025-09-30.clover",
    });
    const all = await open();
    expect(all.receiver.registration({ url })).toEqual({ url, enabled_events: ["*"] });
  });

  it("stripe.1 stripe.3 the judge of Stripe's events finds nothing wrong", { timeout: 60_000 }, async () => {
    expect(await faultsOf(framework, { sender: events!, make: () => stripe({ secret }), idOf })).toEqual([]);
  });

  it(
    "stripe.4 nor does that of its authorizations, but for what is said too late",
    { timeout: 60_000 },
    async () => {
      expect(
        await faultsOf(framework, {
          sender: authorizations!,
          make: () => stripe({ secret }),
          idOf,
          answer: (given) => given ?? { approved: true },
          except: "answers before the provider hangs up, however long the handler takes",
        }),
      ).toEqual([]);
    },
  );
});

it("stripe.2 the types are those of Stripe's own package", () => {
  const declared = readFileSync(new URL("resources/Events.d.ts", import.meta.resolve("stripe")), "utf8");
  const theirs = Array.from(declared.matchAll(/^ {4}type: '([^']+)';$/gm), ([, type]) => type!);
  expect(Object.keys(stripe({ secret }).events).toSorted()).toEqual(theirs.toSorted());
});

it.each([
  [{}, "missing"],
  [{ secret: "" }, "empty"],
  [{ secret: [] }, "empty"],
  [{ secret, apiversion: "2025-09-30.clover" }, "unknown"],
  [{ secret, apiVersion: "latest" }, "invalid"],
  [{ secret, moreTypes: "invoice.sung" }, "invalid"],
])("stripe.1 %j is refused at creation", (given, code) => {
  expect(() => stripe(given as any)).toThrow(expect.objectContaining({ name: "OptionError", code }));
});
