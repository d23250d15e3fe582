/** Shopify, held against its own package, and played by the simulator. */
import { createHmac } from "node:crypto";
import { shopify } from "@answerback/providers/shopify";
import { senders } from "@answerback/simulator";
import "@shopify/shopify-api/adapters/node";
import { LogSeverity, shopifyApi } from "@shopify/shopify-api";
import { describe, expect, it } from "vitest";
import { two } from "../life-cycle/support.ts";
import type { Sample } from "../support/deliveries.ts";
import { openHouse, type HouseOptions } from "../support/house.ts";
import { faultsOf } from "./judged.ts";

const clientSecret = "a-client-secret";
const [sender] = senders.shopify({ clientSecret }).senders;
const order = { id: 9_554_194_432_293, admin_graphql_api_id: "gid://shopify/Order/1", email: "å@b.se" };

/** A webhook of a topic; `undefined` leaves a header out. */
function webhook(body: unknown, headers: Record<string, string | undefined> = {}, by = clientSecret): Sample {
  const text = JSON.stringify(body);
  const all = {
    "content-type": "application/json",
    "x-shopify-topic": "orders/create",
    "x-shopify-hmac-sha256": createHmac("sha256", by).update(text).digest("base64"),
    "x-shopify-shop-domain": "acme.myshopify.com",
    "x-shopify-api-version": "2026-10",
    "x-shopify-webhook-id": "w-1",
    "x-shopify-event-id": "e-1",
    "x-shopify-triggered-at": "2026-01-01T00:00:00.123456789Z",
    ...headers,
  };
  const sent = Object.entries(all).filter((header): header is [string, string] => header[1] !== undefined);
  return { path: "/upsales", headers: Object.fromEntries(sent), body: text };
}

/** What Shopify's own package says. */
async function theySay({ headers, body }: Sample): Promise<boolean> {
  const api = shopifyApi({
    apiKey: "a-client-id",
    apiSecretKey: clientSecret,
    apiVersion: "2026-10" as never,
    hostName: "app.example",
    isEmbeddedApp: false,
    logger: { level: LogSeverity.Error, log: () => {} },
  });
  const rawRequest = { method: "POST", url: "/", headers };
  return (await api.webhooks.validate({ rawBody: body, rawRequest })).valid;
}

describe.each(two)("$name", (framework) => {
  const open = (given: HouseOptions = {}, options: object = {}) =>
    openHouse(framework, "upsales", {
      provider: shopify({ clientSecret, ...options }),
      options: { authenticate: undefined },
      ...given,
    });

  it("shopify.1 what Shopify's own package takes is let in, and what it refuses is a 401", async () => {
    const house = await open();
    const good = webhook(order);
    const bad = [
      { ...good, body: good.body.replace("å", "a") },
      webhook(order, {}, "another"),
      webhook(order, { "x-shopify-hmac-sha256": "AAAA" }),
      webhook(order, { "x-shopify-hmac-sha256": undefined }),
    ];
    for (const sample of [good, ...bad])
      expect([sample === good, (await house.deliver(sample)).status]).toEqual([
        await theySay(sample),
        sample === good ? 200 : 401,
      ]);
    expect(house.events).toHaveLength(1);
  });

  it("shopify.1 both secrets are good while the app's rotates", async () => {
    const house = await open({}, { clientSecret: [clientSecret, "the-old-one"] });
    expect((await house.deliver(webhook(order, {}, "the-old-one"))).status).toBe(200);
  });

  it("shopify.2 the topic is the event, the body its data, and the headers stand beside it", async () => {
    const house = await open();
    await house.deliver(webhook(order));
    expect(house.events).toMatchObject([
      {
        type: "orders/create",
        data: order,
        shopDomain: "acme.myshopify.com",
        apiVersion: "2026-10",
        eventId: "e-1",
        webhookId: "w-1",
        triggeredAt: "2026-01-01T00:00:00.123456789Z",
      },
    ]);
  });

  it("shopify.2 another topic goes to the rest, unless the app names it; without one it is malformed", async () => {
    const topic = { "x-shopify-topic": "disputes/create" };
    const house = await open();
    await house.deliver(webhook(order, topic));
    expect(house.events).toMatchObject([{ type: "*", name: "disputes/create" }]);
    const named = await open(
      { handle: { "disputes/create": () => {} } },
      { moreTopics: ["disputes/create"] },
    );
    await named.deliver(webhook(order, topic));
    expect(named.events).toMatchObject([{ type: "disputes/create" }]);
    for (const bad of [webhook(order, { "x-shopify-topic": undefined }), webhook([order])])
      expect((await house.deliver(bad)).status).toBe(400);
  });

  it("shopify.2 what the law demands is an event like others", async () => {
    const house = await open();
    const asked = { shop_id: 1, shop_domain: "acme.myshopify.com", customer: { id: 2 } };
    await house.deliver(webhook(asked, { "x-shopify-topic": "customers/data_request" }));
    expect(house.events).toMatchObject([{ type: "customers/data_request", data: asked }]);
  });

  it("shopify.3 the key is the topic and the event's id, else the webhook's", async () => {
    const house = await open();
    await house.deliver(webhook(order));
    await house.deliver(webhook(order, { "x-shopify-webhook-id": "w-2" }));
    await house.deliver(webhook(order, { "x-shopify-topic": "orders/updated" }));
    expect(house.events).toHaveLength(2);
    const none = { "x-shopify-event-id": undefined };
    for (const id of ["w-3", "w-3", "w-4"])
      await house.deliver(webhook(order, { ...none, "x-shopify-webhook-id": id }));
    expect(house.events).toHaveLength(4);
  });

  it("shopify.4 what is to be registered: topics, and apart from them those of the law", async () => {
    const handle = { "orders/create": () => {}, "shop/redact": () => {} };
    const house = await open({ handle });
    const uri = "https://app.example/hooks/shopify";
    expect(house.receiver.registration({ url: uri })).toEqual({
      subscriptions: [
        { uri, topics: ["orders/create"] },
        { uri, compliance_topics: ["shop/redact"] },
      ],
    });
  });

  it("shopify.1 shopify.3 the judge of Shopify finds nothing wrong", { timeout: 60_000 }, async () => {
    expect(
      await faultsOf(framework, {
        sender: sender!,
        make: () => shopify({ clientSecret }),
        idOf: ({ eventId }) => eventId,
      }),
    ).toEqual([]);
  });
});

it.each([
  [{}, "missing"],
  [{ clientSecret: "" }, "empty"],
  [{ clientSecret, moreTopics: "disputes/create" }, "invalid"],
  [{ clientSecret, topics: [] }, "unknown"],
])("shopify.1 %j is refused at creation", (options, code) => {
  expect(() => shopify(options as any)).toThrow(expect.objectContaining({ name: "OptionError", code }));
});

it.each(["shpss_4711", "0b6f4a3c9d1e4f7fa2c58e7d6b901234"])(
  "takes a secret of Shopify's: %s",
  (clientSecret) => {
    expect(() => shopify({ clientSecret })).not.toThrow();
  },
);
