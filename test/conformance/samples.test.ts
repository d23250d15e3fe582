/** Every sample delivery reaches its handler once, as the right typed event, and is answered 200. */
import { describe, expect, it } from "vitest";
import { sample } from "../support/deliveries.ts";
import { frameworks } from "../support/frameworks.ts";
import { openHouse, type ProviderName } from "../support/house.ts";

/** Sample, and what the handler has to see of it. */
const table: readonly (readonly [string, Record<string, unknown>])[] = [
  [
    "upsales/order-insert",
    {
      type: "order.insert",
      params: { id: "1" },
      callback: true,
      data: { object: { id: 1, currency: "SEK" } },
      customer: { id: 10488, name: "Acme AB" },
      user: { id: 1 },
    },
  ],
  [
    "upsales/external-user-configurable",
    {
      type: "external",
      userConfig: { calendar: "work" },
      userAppData: { externalId: "user1" },
      data: { companyIds: [1, 2] },
    },
  ],
  [
    "upsales/external-without-user",
    {
      type: "external",
      callback: true,
      apiPath: "https://power.upsales.com/api/",
      data: { rows: [1, 2, 3] },
    },
  ],
  [
    "upsales/order-edit",
    { type: "order.edit", callback: false, data: { current: { field: "probability", value: 80 } } },
  ],
  ["upsales/status", { type: "status", callback: false, data: undefined }],
  ["upsales/field-values", { type: "fieldValues", params: { field: "pipeline" } }],
  [
    "upsales/widget-notification",
    { type: "notification", data: { id: 99, message: "A message for the log" } },
  ],
  [
    "uphance/pick-ticket-update",
    { type: "pick_ticket.update", data: { id: 123456, status: "shipped", customer_name: "Shop BV" } },
  ],
  ["uphance/pick-ticket-delete", { type: "pick_ticket.delete", data: { id: 123456 } }],
  ["uphance/invoice-create-id-only", { type: "invoice.create", data: { id: 4711 } }],
  ["uphance/product-update-flat-id", { type: "product.update", data: { id: 771 } }],
  ["uphance/unknown-event", { type: "*", name: "warehouse_transfer_create", data: { id: 5 } }],
  [
    "app-inbox/message",
    {
      type: "message",
      data: { id: "3f2504e0-4f89-11d3-9a0c-0305e82c3301", title: "Hello", externalCustomerId: "cust-42" },
    },
  ],
  ["app-inbox/message-custom-data", { type: "message", data: { customData: '{"k":"v"}' } }],
  [
    "postback/contact-create-attempt-1",
    {
      type: "contact.create",
      deliveryAttempt: 1,
      data: { id: "11e66c8a943ff4b2bf1b2102", last_name: "Lue", email_trx_receipt: false, email: null },
    },
  ],
  [
    "postback/contact-update-charset",
    { type: "contact.update", deliveryAttempt: 1, data: { last_name: "Lue-Jönsson" } },
  ],
  ["postback/contact-delete", { type: "contact.delete", data: { id: "11e66c8a943ff4b2bf1b2102" } }],
  [
    "postback/transaction-create-changelogs",
    { type: "transaction.create", data: { transaction_amount: "10.00" } },
  ],
  [
    "postback/transaction-json-body",
    { type: "transaction.update", deliveryAttempt: 2, data: { status_id: 101 } },
  ],
];

describe.each(frameworks)("$name", (framework) => {
  it.each(table)(
    "upsales.1 uphance.1 inbox.1 postback.1 %s is handled as what it is",
    async (name, expected) => {
      const house = await openHouse(framework, name.split("/")[0] as ProviderName);
      const answer = await house.deliver(sample(name));
      expect(answer.status).toBe(200);
      expect(house.events).toHaveLength(1);
      expect(house.events[0]).toMatchObject(expected);
      expect(house.events[0].name).toBe(expected["name"] ?? expected["type"]);
    },
  );

  it("postback.3 the ordinal of a delivery is deliveryAttempt, that of a run is the context's attempt", async () => {
    const attempts: unknown[] = [];
    const handle = ({ deliveryAttempt }: any, { attempt }: any) => {
      attempts.push([deliveryAttempt, attempt]);
      if (attempts.length === 1) throw new Error("not yet");
    };
    const house = await openHouse(framework, "postback", { handle });
    for (const number of [2, 3]) await house.deliver(sample(`postback/contact-create-attempt-${number}`));
    expect(attempts).toEqual([
      [2, 1],
      [3, 2],
    ]);
    expect(house.events.map((event) => "attempt" in event)).toEqual([false, false]);
    expect(house.observed.filter(({ kind }) => kind === "delivery")).toMatchObject([
      { deliveryAttempt: 2 },
      { deliveryAttempt: 3 },
    ]);
    expect(house.observed.map((one) => "attempt" in one && one.attempt)).toEqual([1, false, 2, false]);
  });

  it("upsales.2 the key, the address and the whole body stay out of the event", async () => {
    const house = await openHouse(framework, "upsales");
    await house.deliver(sample("upsales/order-insert"));
    const text = JSON.stringify([house.events, house.observed]);
    expect(text).not.toContain("a-key-of-the-app-4711");
    expect(text).not.toContain("integration.upsales.com");
  });

  it("any.14 the URL secret stays out of the event, the record and what is observed", async () => {
    const house = await openHouse(framework, "uphance");
    await house.deliver(sample("uphance/pick-ticket-update"));
    expect(house.events[0].params).toEqual({});
    expect(JSON.stringify([house.events, house.observed])).not.toContain("0b6f4a3c9d1e4f7fa2c58e7d6b901234");
  });

  it("inbox.2 each message of a list is its own event", async () => {
    const house = await openHouse(framework, "app-inbox");
    expect((await house.deliver(sample("app-inbox/list"))).status).toBe(200);
    expect(house.events.map(({ data }) => data.title)).toEqual([
      "Message 10",
      "Message 11",
      "Message 12",
      "Message 13",
      "Message 14",
    ]);
    expect(new Set(house.events.map(({ key }) => key)).size).toBe(5);
  });

  it("inbox.2 a bad item fails alone, and is a dead letter", async () => {
    const house = await openHouse(framework, "app-inbox");
    expect((await house.deliver(sample("app-inbox/list-with-a-bad-item"))).status).toBe(200);
    expect((await house.deliver(sample("app-inbox/list-with-a-bad-item"))).status).toBe(200);
    expect(house.events.map(({ data }) => data.title)).toEqual(["Fine", "Fine too"]);
    const dead = await house.receiver.deadLetters.list();
    expect(dead).toMatchObject([
      { work: "malformed body", data: { title: "No id" }, error: { code: "malformed" } },
    ]);
  });

  it("the event is frozen, all of it", async () => {
    const house = await openHouse(framework, "upsales");
    await house.deliver(sample("upsales/order-insert"));
    const [event] = house.events;
    expect(
      Object.isFrozen(event) && Object.isFrozen(event.data.object) && Object.isFrozen(event.customer),
    ).toBe(true);
  });
});
