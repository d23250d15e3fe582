/** What Uphance sends in shapes that its page does not show, and events that have no key: taken, and told. */
import { createReceiver, memory, uphance, type Warning } from "@answerback/core";
import { defineProvider } from "@answerback/core/provider";
import { describe, expect, it } from "vitest";
import { two } from "../life-cycle/support.ts";
import { sample, withFields, withHeaders, type Sample } from "../support/deliveries.ts";
import { openHouse, type House } from "../support/house.ts";
import { post, rawClient } from "../support/raw-client.ts";

const ticket = sample("uphance/pick-ticket-update");
const order = sample("upsales/order-insert");
const message = sample("app-inbox/message");
const says = (body: unknown): Sample => ({ ...ticket, body: JSON.stringify(body) });

const codes = ({ warnings }: House) =>
  warnings.map(({ code }) => code).filter((code) => code !== "plain_http");
const told = ({ warnings }: House, code: string) => warnings.filter((one) => one.code === code);

describe.each(two)("$name", (framework) => {
  it.each([
    { event: "invoice_create", invoice_id: 4711 },
    { event: "invoice_create", data: { id: 4711 } },
    { event: "pick_ticket_update", pickTicket: { id: 1 } },
  ])('uphance.2 %j reaches "*" with what there is, and that is told', async (body) => {
    const { event, ...fields } = body;
    const others: unknown[] = [];
    const handle = {
      "*": (one: unknown) => void others.push(one),
      "invoice.create": () => expect.unreachable(),
      "pick_ticket.update": () => expect.unreachable(),
    };
    const house = await openHouse(framework, "uphance", { handle });
    for (const _ of [1, 2]) expect((await house.deliver(says(body))).status).toBe(200);
    expect(others[0]).toMatchObject({ type: "*", name: event, data: fields });
    expect(others).toHaveLength(2);
    const [name] = event.split(/_(?:create|update)$/);
    expect(told(house, "schema_drift")).toEqual([
      {
        code: "schema_drift",
        message: `uphance: ${event}: expected ${name} or id, and neither is there; the event goes to "*", with what there is`,
      },
    ]);
  });

  it('uphance.2 one that nobody handles as "*" is acknowledged, and told all the same', async () => {
    const house = await openHouse(framework, "uphance", { handle: { "invoice.create": () => {} } });
    expect((await house.deliver(says({ event: "invoice_create", invoice_id: 1 }))).status).toBe(200);
    expect(house.observed).toMatchObject([{ outcome: "ignored", name: "invoice_create" }]);
    expect(codes(house)).toEqual(["schema_drift"]);
  });

  it("uphance.1 a delivery without a Content-Type is JSON", async () => {
    const house = await openHouse(framework, "uphance");
    const send = (body: string) => {
      const head = post(ticket.path, `Content-Length: ${Buffer.byteLength(body)}`, "Connection: close");
      return rawClient(house.port, head + body).closed;
    };
    for (const body of [ticket.body, '{"event":"invoice_create","invoice_id":4711}'])
      expect(await send(body)).toMatch(/^HTTP\/1.1 200 /);
    expect(house.events).toMatchObject([
      { type: "pick_ticket.update", data: { id: 123456 } },
      { type: "*", name: "invoice_create", data: { invoice_id: 4711 } },
    ]);
    expect(await send("event=invoice_create&invoice=1")).toMatch(/^HTTP\/1.1 400 /);
  });

  it("any.10 uphance.4 an update without updated_at may be handled twice, and that is told once", async () => {
    const house = await openHouse(framework, "uphance");
    const bare = [
      says({ event: "product_update", id: 771 }),
      says({ event: "product_update", id: 771 }),
      says({ event: "pick_ticket_update", pick_ticket: 5 }),
      says({ event: "stock_update", stock: 5 }),
    ];
    for (const one of bare) expect((await house.deliver(one)).status).toBe(200);
    expect(house.events).toHaveLength(4);
    expect(told(house, "no_key")).toEqual([
      {
        code: "no_key",
        message:
          'uphance: product.update has no key, so it may be handled twice: uphance({ sameUpdateWithin: "10m" }) takes equal updates without updated_at for one event',
      },
    ]);
  });

  it.each([
    ["with a time", ticket, {}],
    ["that is a creation", says({ event: "invoice_create", invoice: 4711 }), {}],
    [
      "whose updated_at is a number",
      withFields(ticket, { pick_ticket: { id: 1, updated_at: 1_700_000_000 } }),
      {},
    ],
    [
      "that sameUpdateWithin gives a key",
      says({ event: "product_update", id: 771 }),
      { sameUpdateWithin: "10m" },
    ],
  ] as const)("any.10 uphance.4 an event %s has a key, and is handled once", async (_, one, options) => {
    const house = await openHouse(framework, "uphance", { provider: uphance(options) });
    for (const _again of [1, 2]) expect((await house.deliver(one)).status).toBe(200);
    expect(house.events).toHaveLength(1);
    expect(told(house, "no_key")).toEqual([]);
  });

  it("any.28 uphance.4 two updates whose times are numbers are two", async () => {
    const house = await openHouse(framework, "uphance");
    for (const updated_at of [1_700_000_000, 1_700_000_001, 1_700_000_000])
      await house.deliver(withFields(ticket, { pick_ticket: { id: 1, updated_at } }));
    expect(house.events.map(({ data }) => data.updated_at)).toEqual([1_700_000_000, 1_700_000_001]);
  });

  it("any.10 of an own provider an event without a key is told, one that a person waits on or that never comes again is not", async () => {
    const upsales = await openHouse(framework, "upsales");
    await upsales.deliver(withFields(order, { callbackUrl: undefined }));
    expect(upsales.events).toHaveLength(1);
    expect(told(upsales, "no_key")).toEqual([]);
    const acme = defineProvider({
      name: "acme",
      accepts: ["json"],
      events: { paid: {}, asked: { interactive: true } },
      decode: () => [
        { type: "asked", data: 0 },
        { type: "paid", data: 1 },
        { type: "unpaid", data: 2 },
      ],
    });
    const own = await openHouse(framework, "app-inbox", { provider: acme });
    expect((await own.deliver(message)).status).toBe(200);
    expect(told(own, "no_key")).toMatchObject([
      { message: "acme: paid has no key, so it may be handled twice" },
    ]);
  });

  it("any.10 an event that nobody handles, and one that is malformed, are not told of", async () => {
    const ignoring = await openHouse(framework, "uphance", { handle: { "invoice.create": () => {} } });
    await ignoring.deliver(says({ event: "product_update", id: 771 }));
    expect(codes(ignoring)).toEqual([]);
    const inbox = await openHouse(framework, "app-inbox");
    await inbox.deliver(withFields(message, { id: 5 }));
    expect(codes(inbox)).toEqual([]);
  });

  it("any.2 the other providers refuse a body without a Content-Type", async () => {
    for (const name of ["upsales", "app-inbox", "postback"] as const) {
      const one = {
        "app-inbox": message,
        upsales: order,
        postback: sample("postback/contact-create-attempt-1"),
      }[name];
      const house = await openHouse(framework, name);
      const lines = Object.entries(withHeaders(one, { "Content-Type": "" }).headers).map(
        ([key, value]) => `${key}: ${value}`,
      );
      const head = post(
        one.path,
        ...lines,
        `Content-Length: ${Buffer.byteLength(one.body)}`,
        "Connection: close",
      );
      const answer = await rawClient(house.port, head + one.body).closed;
      expect([name, Number(answer.split(" ")[1])]).toEqual([name, name === "app-inbox" ? 400 : 415]);
    }
  });
});

it("any.10 no_key is told once a receiver, and so by another receiver again", async () => {
  const warnings: Warning[] = [];
  for (const name of ["one", "other"]) {
    const receiver = createReceiver(uphance(), {
      ...{ name, authenticate: false, backend: memory(), requireHttps: true },
      handle: () => {},
      warn: (warning) => warnings.push(warning),
    });
    for (const _ of [1, 2]) {
      const bytes = new TextEncoder().encode('{"event":"product_update","id":771}');
      await receiver.receive({
        ...{ method: "POST", path: "/", query: "", headers: {}, secure: true },
        body: async () => ({ kind: "bytes", bytes }),
      });
    }
    await receiver.close();
  }
  expect(warnings.map(({ message: text }) => text.split(":")[0])).toEqual(["one", "other"]);
});
