/** Meta, signed as its page says, and played by the simulator. */
import { createHmac } from "node:crypto";
import { meta, type MetaOptions } from "@answerback/providers/meta";
import { senders } from "@answerback/simulator";
import { describe, expect, it } from "vitest";
import { two } from "../life-cycle/support.ts";
import type { Sample } from "../support/deliveries.ts";
import { openHouse, type House, type HouseOptions } from "../support/house.ts";
import { faultsOf } from "./judged.ts";

const appSecret = "an-app-secret";
const verifyToken = "meatyhamhock";
const given = { appSecret, verifyToken };
const [sender] = senders.meta(given).senders;

const metadata = { display_phone_number: "15550783881", phone_number_id: "106540352242922" };
const contacts = [{ profile: { name: "Åsa 🎉" }, wa_id: "46701234567" }];
const message = (id: string) => ({
  from: "46701234567",
  id,
  timestamp: "1749416383",
  type: "text",
  text: { body: "Hej, Åsa! 🎉" },
});
const status = (id: string, what: string) => ({ id, status: what, timestamp: "1749416390" });

/** A notification of WhatsApp about one account. */
const whatsapp = (value: object, field = "messages") => ({
  object: "whatsapp_business_account",
  entry: [{ id: "102290129340398", changes: [{ value, field }] }],
});

/** A notification about what happened in a conversation. */
const messaging = (object: string, ...items: readonly object[]) => ({
  object,
  entry: [{ id: "17841405822304914", time: 1_749_416_383_000, messaging: items }],
});
const parties = { sender: { id: "7" }, recipient: { id: "8" }, timestamp: 1_749_416_383_000 };

/** A notification with its signature. Meta escapes what is not ASCII, and signs that. */
function notification(value: object, by = appSecret): Sample {
  const body = JSON.stringify(value).replace(
    /[\u0080-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  const digest = createHmac("sha256", by).update(body).digest("hex");
  return {
    path: "/upsales",
    headers: { "content-type": "application/json", "x-hub-signature-256": `sha256=${digest}` },
    body,
  };
}

/** What a handshake is answered with. */
async function shaken({ url }: House, query: string, method = "GET") {
  const response = await fetch(`${url}/upsales?${query}`, { method });
  return [response.status, await response.text(), response.headers.get("content-type")];
}

describe.each(two)("$name", (framework) => {
  const open = (more: HouseOptions = {}, options: Partial<MetaOptions> = {}) =>
    openHouse(framework, "upsales", {
      provider: meta({ ...given, ...options }),
      options: { authenticate: undefined },
      ...more,
    });

  it("meta.1 what is signed with the app secret is let in, the old one while it is reset; else it is a 401", async () => {
    const house = await open({}, { appSecret: [appSecret, "the-old-one"] });
    const good = whatsapp({ metadata, messages: [message("wamid.1")] });
    expect((await house.deliver(notification(good))).status).toBe(200);
    expect((await house.deliver(notification(good, "the-old-one"))).status).toBe(200);
    expect(house.events).toMatchObject([{ data: { text: { body: "Hej, Åsa! 🎉" } } }]);
    const signed = notification(good);
    for (const bad of [
      notification(good, "another"),
      { ...signed, body: signed.body.replace("wamid.1", "wamid.2") },
      { ...signed, headers: { ...signed.headers, "x-hub-signature-256": "sha256=" } },
    ])
      expect((await house.deliver(bad)).status).toBe(401);
    expect(house.events).toHaveLength(1);
  });

  it("meta.2 the challenge is echoed to whoever knows the token", async () => {
    const house = await open({}, { verifyToken: [verifyToken, "the-old-one"] });
    for (const token of [verifyToken, "the-old-one"])
      expect(
        await shaken(house, `hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=${token}`),
      ).toEqual([200, "1158201444", "text/plain; charset=utf-8"]);
  });

  it.each([
    ["another token", "hub.mode=subscribe&hub.challenge=1&hub.verify_token=meatyham"],
    ["no token", "hub.mode=subscribe&hub.challenge=1"],
    [
      "two tokens",
      `hub.mode=subscribe&hub.challenge=1&hub.verify_token=${verifyToken}&hub.verify_token=${verifyToken}`,
    ],
    ["another mode", `hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=${verifyToken}`],
    ["no challenge", `hub.mode=subscribe&hub.verify_token=${verifyToken}`],
    ["HTML for a challenge", `hub.mode=subscribe&hub.challenge=%3Cscript%3E&hub.verify_token=${verifyToken}`],
    [
      "a header for a challenge",
      `hub.mode=subscribe&hub.challenge=1%0d%0aset-cookie:a&hub.verify_token=${verifyToken}`,
    ],
    [
      "a long challenge",
      `hub.mode=subscribe&hub.challenge=${"1".repeat(129)}&hub.verify_token=${verifyToken}`,
    ],
  ])("meta.2 %s is a 403 that reveals nothing", async (_, query) => {
    const house = await open();
    expect(await shaken(house, query)).toEqual([403, "", null]);
    expect(house.told).toMatchObject([{ facts: { stage: "handshake", code: "unauthorized" } }]);
  });

  it("meta.2 another GET goes to the app's next middleware", async () => {
    const house = await open();
    expect((await shaken(house, "a=1"))[0]).toBe(404);
    const query = `hub.mode=subscribe&hub.challenge=1&hub.verify_token=${verifyToken}`;
    expect((await shaken(house, query, "HEAD"))[0]).toBe(404);
    expect(house.told).toEqual([]);
  });

  it("meta.3 each message and each status of WhatsApp is an event, with its number and who wrote", async () => {
    const house = await open();
    const statuses = [status("wamid.9", "sent"), status("wamid.9", "read")];
    await house.deliver(
      notification({
        object: "whatsapp_business_account",
        entry: [
          whatsapp({ metadata, contacts, messages: [message("wamid.1"), message("wamid.2")] }).entry[0],
          whatsapp({ metadata, statuses }).entry[0],
        ],
      }),
    );
    expect(house.events).toHaveLength(4);
    expect(house.events).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ type: "whatsapp.message", data: message("wamid.1"), metadata, contacts }),
        expect.objectContaining({ type: "whatsapp.message", data: message("wamid.2") }),
        expect.objectContaining({ type: "whatsapp.status", data: statuses[0], metadata }),
        expect.objectContaining({ type: "whatsapp.status", data: statuses[1] }),
      ]),
    );
  });

  it.each(["page", "instagram"])(
    "meta.3 what happens in conversations of %s is told apart by its field",
    async (object) => {
      const house = await open();
      const items = [
        { ...parties, message: { mid: "m_1", text: "Hello" } },
        { ...parties, message: { mid: "m_1", text: "Hello", is_echo: true } },
        { ...parties, postback: { mid: "m_2", title: "Yes", payload: "YES" } },
        { ...parties, postback: { title: "No", payload: "NO" } },
        { ...parties, read: { watermark: 1 } },
      ];
      await house.deliver(notification(messaging(object, ...items)));
      const product = object === "page" ? "messenger" : object;
      const names = ["message", "message_echo", "postback", "postback", "read"].map(
        (name) => `${product}.${name}`,
      );
      expect(house.events.map(({ name, data }) => [name, data])).toEqual(
        names.map((name, at) => [name, items[at]]),
      );
      expect(house.events.at(-1)).toMatchObject({ type: "*", object, entry: { id: "17841405822304914" } });
    },
  );

  it("meta.3 everything else goes to the rest, under its product and field", async () => {
    const house = await open();
    const value = { event: "APPROVED" };
    await house.deliver(notification(whatsapp(value, "message_template_status_update")));
    const change = (object: string, field: string) => ({
      object,
      entry: [{ id: "1", time: 5, changes: [{ field, value }] }],
    });
    await house.deliver(notification(change("page", "feed")));
    await house.deliver(notification(change("instagram", "comments")));
    await house.deliver(
      notification({ object: "page", entry: [{ id: "1", time: 5, standby: [{ ...parties, message: {} }] }] }),
    );
    expect(house.events.map(({ type, name }) => [type, name])).toEqual([
      ["*", "whatsapp.message_template_status_update"],
      ["*", "page.feed"],
      ["*", "instagram.comments"],
      ["*", "messenger.standby"],
    ]);
  });

  it("meta.3 a message that lacks what is sure fails alone; what is no notification is malformed", async () => {
    const house = await open();
    const messages = [{ from: "4670" }, null, message("wamid.1")];
    expect((await house.deliver(notification(whatsapp({ metadata, messages })))).status).toBe(200);
    expect(house.events).toHaveLength(1);
    for (const bad of [[], { object: "page" }, { object: "page", entry: {} }, { object: "page", entry: [1] }])
      expect((await house.deliver(notification(bad))).status).toBe(400);
  });

  it("meta.3 what differs elsewhere is handed over, and told", async () => {
    const house = await open();
    const odd = { ...message("wamid.1"), timestamp: 1_749_416_383 };
    await house.deliver(notification(whatsapp({ messages: [odd] })));
    expect(house.events).toMatchObject([{ type: "whatsapp.message", data: odd }]);
    expect(house.warnings.map(({ code }) => code)).toContain("schema_drift");
  });

  it("meta.4 the key is the message's id, of a status with what became of it; of the rest all of it", async () => {
    const house = await open();
    const deliver = (value: object) => house.deliver(notification(value));
    await deliver(whatsapp({ metadata, messages: [message("wamid.1"), message("wamid.2")] }));
    await deliver(whatsapp({ metadata, messages: [message("wamid.2"), message("wamid.3")] }));
    await deliver(whatsapp({ statuses: [status("wamid.1", "sent"), status("wamid.1", "read")] }));
    await deliver(whatsapp({ statuses: [status("wamid.1", "sent")] }));
    expect(house.events).toHaveLength(5);
    const read = messaging("page", { ...parties, read: { watermark: 1 } });
    const later = { ...read, entry: [{ ...read.entry[0], time: 1_749_416_384_000 }] };
    for (const one of [read, read, later]) await deliver(one);
    expect(house.events).toHaveLength(7);
  });

  it("meta.4 one that fails has the batch come again, and what is done is not done again", async () => {
    let fails = true;
    const handle = ({ data }: any) => {
      if (fails && data.id === "wamid.2") throw new Error("not now");
    };
    const house = await open({ handle });
    const both = notification(whatsapp({ messages: [message("wamid.1"), message("wamid.2")] }));
    expect((await house.deliver(both)).status).toBe(500);
    fails = false;
    expect((await house.deliver(both)).status).toBe(200);
    expect(house.events.map(({ data }) => data.id)).toEqual(["wamid.1", "wamid.2", "wamid.2"]);
  });

  it("meta.5 what is to be registered: the products and fields that are handled", async () => {
    const handle = { "whatsapp.status": () => {}, "messenger.message": () => {} };
    const house = await open({ handle });
    const url = "https://app.example/hooks/meta";
    const beside = { callback_url: url, verify_token: verifyToken };
    expect(house.receiver.registration({ url })).toEqual({
      subscriptions: [
        { object: "whatsapp_business_account", ...beside, fields: ["messages"] },
        { object: "page", ...beside, fields: ["messages"] },
      ],
    });
  });

  it("meta.1 meta.2 meta.4 the judge of Meta finds nothing wrong", { timeout: 60_000 }, async () => {
    expect(
      await faultsOf(framework, { sender: sender!, make: () => meta(given), idOf: ({ data }) => data.id }),
    ).toEqual([]);
  });
});

it.each([
  [{}, "missing"],
  [{ ...given, appSecret: undefined }, "missing"],
  [{ ...given, verifyToken: "" }, "empty"],
  [{ ...given, verifyTokn: "a" }, "unknown"],
])("meta.1 %j is refused at creation", (options, code) => {
  expect(() => meta(options as any)).toThrow(expect.objectContaining({ name: "OptionError", code }));
});
