/** What differs from a provider's page where the page is silent: handed over as it came and told once, never refused. */
import { appInbox, createReceiver, postback, uphance, upsales } from "@answerback/core";
import { defineProvider } from "@answerback/core/provider";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { sample, withFields, type Sample } from "../support/deliveries.ts";
import { openHouse, providers, type House, type ProviderName } from "../support/house.ts";
import { manualClock } from "../support/manual-clock.ts";
import { faulty, two, twoProcesses } from "../life-cycle/support.ts";

const order = sample("upsales/order-insert");
const notification = sample("upsales/widget-notification");
const ticket = sample("uphance/pick-ticket-update");
const message = sample("app-inbox/message");
const contact = sample("postback/contact-create-attempt-1");

/** The provider, a delivery that differs, and the field: where the handler finds it, what it expects, what it gets. */
type Drift = readonly [ProviderName, Sample, path: string, expected: string, value: unknown];

const drifts: readonly Drift[] = [
  ...[
    ["zip", "string", 12_345],
    ["email_trx_receipt", "boolean", "0"],
    ["created_ts", "number", "1472325312"],
    ["contact_balance", "string or number", false],
    ["first_name", "string", ["Lue"]],
  ].map(([field, expected, value]) =>
    drifted("postback", contactWith(field as string, value), field, expected, value),
  ),
  ...[
    ["createdDate", "number", "1700000000000"],
    ["title", "string", 7],
    ["image", "string", { url: "https://example.com/i.png" }],
  ].map(([field, expected, value]) =>
    drifted("app-inbox", withFields(message, { [field as string]: value }), field, expected, value),
  ),
  drifted("uphance", ticketWith({ updated_at: 1_700_000_000 }), "updated_at", "string", 1_700_000_000),
  drifted("uphance", ticketWith({ updated_at: true }), "updated_at", "string", true),
  ...[
    ["date", "string", 1_712_905_639_000],
    ["date", "string", undefined],
    ["customer.name", "string", null],
    ["config", "record", []],
    ["version", "string or number", true],
    ["appData", "record", "{}"],
    ["apiKey", "string", 17],
    ["apiPath", "string", {}],
    ["user", "object", []],
    ["user.email", "string", 5],
    ["language", "string", 46],
    ["userConfig", "record", 1],
    ["userAppData", "record", []],
  ].map(([path, expected, value]) => {
    const [field = "", inner] = (path as string).split(".");
    const fields = { [field]: inner ? { ...JSON.parse(order.body)[field], [inner]: value } : value };
    return ["upsales", withFields(order, fields), path, expected, value] as Drift;
  }),
  drifted("upsales", withFields(order, { data: { object: [] } }), "object", "object", []),
  drifted("upsales", withFields(notification, { data: { id: 99, status: "1" } }), "status", "number", "1"),
  drifted("upsales", withFields(notification, { data: { id: 99, startDate: 5 } }), "startDate", "string", 5),
];

function drifted(name: ProviderName, one: Sample, field: unknown, expected: unknown, value: unknown): Drift {
  return [name, one, `data.${String(field)}`, String(expected), value];
}

function contactWith(field: string, value: unknown): Sample {
  const form = new URLSearchParams(contact.body);
  form.set("data", JSON.stringify({ ...JSON.parse(form.get("data")!), [field]: value }));
  return { ...contact, body: String(form) };
}

function ticketWith(fields: object): Sample {
  return withFields(ticket, { pick_ticket: { ...JSON.parse(ticket.body).pick_ticket, ...fields } });
}

/** The value at a path of an event. */
function at(event: any, path: string): unknown {
  return path.split(".").reduce((value, name) => value?.[name], event);
}

const told = ({ warnings }: House) => warnings.filter(({ code }) => code === "schema_drift");

describe.each(two)("$name", (framework) => {
  it.each(drifts)("any.28 %s, %#: %j is handed over as it came", async (name, one, path, expected, value) => {
    const house = await openHouse(framework, name, { options: { name: "drifting" } });
    for (const _ of [1, 2]) expect((await house.deliver(one)).status).toBe(200);
    expect(house.events.length).toBeGreaterThan(0);
    expect(at(house.events[0], path)).toEqual(value);
    const { type } = house.events[0];
    expect(told(house)).toEqual([
      {
        code: "schema_drift",
        message: `drifting: ${type}: ${path} is not as the provider documents it: expected ${expected}; it is handed over as it came`,
      },
    ]);
  });

  it.each(drifts)(
    'any.28 %s, %#: with schema "strict" %j is malformed',
    async (name, one, path, expected) => {
      const provider = providers[name].make({ schema: "strict" });
      const house = await openHouse(framework, name, { provider, options: { malformed: "acknowledge" } });
      expect((await house.deliver(one)).status).toBe(200);
      expect(house.events).toEqual([]);
      const [letter, ...others] = await house.receiver.deadLetters.list();
      expect([letter?.error?.code, others]).toEqual(["malformed", []]);
      expect(letter?.error?.message).toContain(`${path.replace(/^data\./, "")}: `);
      expect(letter?.error?.message).toContain(`expected ${expected}`);
      const refusing = await openHouse(framework, name, { provider });
      expect((await refusing.deliver(one)).status).toBe(400);
    },
  );

  it.each([
    ["upsales", withFields(order, { appId: {} }), "appId"],
    ["upsales", withFields(order, { customer: { name: "Acme AB" } }), "customer.id"],
    ["upsales", withFields(order, { user: { name: "User Name" }, date: 5 }), "user.id"],
    ["upsales", withFields(order, { data: { object: { id: true } } }), "object.id"],
    ["upsales", withFields(notification, { data: { userId: [] } }), "userId"],
    ["upsales", withFields(order, { callbackUrl: 5 }), "callbackUrl"],
    ["uphance", ticketWith({ id: {}, updated_at: 5 }), "id"],
    ["uphance", withFields(ticket, { event: 5 }), "event"],
    ["app-inbox", withFields(message, { id: 5, title: 5 }), "id"],
    ["postback", contactWith("id", 5), "data.id"],
    ["postback", { ...contact, body: contact.body.replace("CREATE", "UPSERT") }, "type"],
    ["postback", { ...contact, body: contact.body.replace("resource=contact", "resource=") }, "resource"],
    ["postback", { ...contact, body: contact.body.replace(/data=.*/, "data=%7B") }, "data"],
    ["postback", { ...contact, body: contact.body.replace(/data=.*/, "data=5") }, "data"],
  ] as const)(
    "any.27 any.28 %s, %#: what is sure is strict, and the error names %3$s",
    async (name, one, path) => {
      const house = await openHouse(framework, name, { options: { malformed: "acknowledge" } });
      expect((await house.deliver(one)).status).toBe(200);
      expect(house.events).toEqual([]);
      expect(told(house)).toEqual([]);
      const [letter] = await house.receiver.deadLetters.list();
      expect(letter?.error?.code).toBe("malformed");
      expect(letter?.error?.message.split("; ").map((sentence) => sentence.split(": ")[0])).toEqual([path]);
      const refusing = await openHouse(framework, name);
      expect((await refusing.deliver(one)).status).toBe(400);
    },
  );

  it("any.28 an event that is run again is the same, and told no second time", async () => {
    const clock = manualClock();
    const handle = () => {
      if (house.events.length < 2) throw new Error("not yet");
    };
    const options = { answerWithin: 0 };
    const house: House = await openHouse(framework, "postback", {
      ...{ clock, handle, options },
      backend: faulty(clock),
    });
    expect((await house.deliver(contactWith("zip", 12_345))).status).toBe(200);
    await clock.advance(600_000);
    await house.receiver.idle();
    expect(house.events.map(({ data }) => data.zip)).toEqual([12_345, 12_345]);
    expect(told(house)).toHaveLength(1);
  });

  it("any.28 with a receiver in another process, too, the record is loaded as it was taken in", async () => {
    const clock = manualClock();
    const [takes, works] = twoProcesses(clock);
    const house = await openHouse(framework, "postback", {
      ...{ clock, backend: takes },
      options: { answerWithin: 0, background: false },
      handle: () => {
        throw new Error("not here");
      },
    });
    expect((await house.deliver(contactWith("zip", 12_345))).status).toBe(200);
    await house.receiver.idle();
    const zips: unknown[] = [];
    const worker = createReceiver(postback(), {
      ...{ authenticate: false, backend: works, clock, warn: () => {} },
      handle: { "contact.create": ({ data }) => zips.push(data.zip) },
    });
    await clock.advance(600_000);
    await worker.idle();
    await worker.close();
    expect(zips).toEqual([12_345]);
  });

  it("any.28 fields of the items of a list are told once, and a bad item fails alone", async () => {
    const house = await openHouse(framework, "app-inbox");
    const items = [1, 2, 3].map((n) => ({ id: `m-${n}`, title: n, link: n === 3 ? 5 : null }));
    const body = JSON.stringify([...items, { title: 4 }]);
    expect((await house.deliver({ ...message, body })).status).toBe(200);
    expect(house.events.map(({ data }) => data.title)).toEqual([1, 2, 3]);
    expect(told(house).map(({ message: text }) => /data\.\w+/.exec(text)?.[0])).toEqual([
      "data.title",
      "data.link",
    ]);
  });

  it("any.28 a schema of the user's own is strict, and gives the handler what it makes of the data", async () => {
    const own = z.object({ id: z.string(), zip: z.coerce.number() });
    const provider = postback({ data: { "contact.create": own } });
    const house = await openHouse(framework, "postback", { provider });
    expect((await house.deliver(contactWith("zip", "12345"))).status).toBe(200);
    expect(house.events[0].data).toEqual({ id: "11e66c8a943ff4b2bf1b2102", zip: 12_345 });
    expect((await house.deliver(contactWith("zip", "north"))).status).toBe(400);
    expect(told(house)).toEqual([]);
  });

  it("any.28 an own provider is strict, unless it says what is sure", async () => {
    const data = z.object({ id: z.string(), rows: z.array(z.object({ n: z.number() })) });
    const later = { "~standard": { ...z.object({ id: z.string() })["~standard"] } };
    const asked: unknown[] = [];
    const validate = later["~standard"].validate;
    later["~standard"].validate = async (value: unknown) => (asked.push(value), validate(value));
    const acme = (sure?: any) =>
      defineProvider({
        name: "acme",
        accepts: ["json"],
        events: { paid: { data, sure } },
        decode: ({ body }) => ({ type: "paid", data: body, key: [body] }),
      });
    const one = { ...message, body: JSON.stringify({ id: "a", rows: [{ n: "1" }, { n: "2" }] }) };
    const strict = await openHouse(framework, "app-inbox", { provider: acme() });
    expect((await strict.deliver(one)).status).toBe(400);
    const lenient = await openHouse(framework, "app-inbox", { provider: acme(later) });
    expect((await lenient.deliver(one)).status).toBe(200);
    expect(lenient.events[0].data.rows[1]).toEqual({ n: "2" });
    expect(told(lenient).map(({ message: text }) => /data\.\S+/.exec(text)?.[0])).toEqual(["data.rows.*.n"]);
    expect((await lenient.deliver({ ...one, body: '{"id":5,"rows":[]}' })).status).toBe(400);
    expect(asked).toHaveLength(2);
    expect((await lenient.deliver({ ...one, body: '{"id":"b","rows":[]}' })).status).toBe(200);
    expect(asked).toHaveLength(2);
  });
});

describe("options", () => {
  it.each([
    ["postback: schema", "invalid", () => postback({ schema: "loose" as "strict" })],
    ["uphance: schema", "invalid", () => uphance({ schema: true as never })],
    ["appInbox: schema", "invalid", () => appInbox({ schema: null as never })],
    ["upsales: schema", "empty", () => upsales({ schema: "" as never })],
    // @ts-expect-error no such event
    ["postback: data", "unknown", () => postback({ data: { "contact.crate": z.object({}) } })],
    // @ts-expect-error no such event, beside one that there is
    ["uphance: data", "unknown", () => uphance({ data: { "product.create": z.any(), stock: z.any() } })],
    // @ts-expect-error no such event without its path
    ["upsales: data", "unknown", () => upsales({ data: { "order.validate": z.any() } })],
    ['appInbox: data["message"]', "missing", () => appInbox({ data: { message: undefined as never } })],
    // @ts-expect-error no schema
    ['appInbox: data["message"]', "invalid", () => appInbox({ data: { message: {} } })],
  ])("any.28 %s, %s: an OptionError", (option, code, make) => {
    expect(make).toThrow(expect.objectContaining({ name: "OptionError", option, code }));
  });

  it("any.28 an own schema may be given for a path of one's own", () => {
    const { events } = upsales({ paths: { "/check": "order.check" }, data: { "order.check": z.string() } });
    expect(events["order.check"].data?.["~standard"].vendor).toBe("zod");
    expect(events["order.check"].path).toEqual(["/check"]);
  });
});
