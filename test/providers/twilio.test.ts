/** Twilio, signed by its own package and played by the simulator. */
import { twilio } from "@answerback/providers/twilio";
import { senders } from "@answerback/simulator";
import kit from "twilio";
import { describe, expect, it } from "vitest";
import { countingClock, two } from "../life-cycle/support.ts";
import type { Sample } from "../support/deliveries.ts";
import { openHouse, type HouseOptions } from "../support/house.ts";
import { faultsOf } from "./judged.ts";

const authToken = "12345678901234567890123456789012";
const publicUrl = "https://app.example/twilio";
const [sender] = senders.twilio({ authToken, origin: "https://app.example" }).senders;

const sms = {
  MessageSid: "SM1",
  SmsStatus: "received",
  AccountSid: "AC1",
  From: "+46701234567",
  Body: "åäö &=+",
};
const call = { CallSid: "CA1", AccountSid: "AC1", CallStatus: "ringing", Direction: "inbound" };

interface Signed {
  /** What Twilio was given. */
  readonly url?: string;
  readonly query?: string;
  readonly by?: string;
  readonly token?: string;
}

/** A request as Twilio's own package signs it. */
function request(
  fields: Record<string, string>,
  { query = "", url = publicUrl + query, by = authToken, token }: Signed = {},
): Sample {
  return {
    path: `/upsales${query}`,
    headers: {
      "content-type": "application/x-www-form-urlencoded; charset=UTF-8",
      "x-twilio-signature": kit.getExpectedTwilioSignature(by, url, fields),
      ...(token && { "i-twilio-idempotency-token": token }),
    },
    body: new URLSearchParams(fields).toString(),
  };
}

/** A request with a JSON body, whose digest is in its address. */
function json(value: unknown): Sample {
  const body = JSON.stringify(value);
  const query = `?bodySHA256=${kit.getExpectedBodyHash(body)}`;
  const signature = kit.getExpectedTwilioSignature(authToken, publicUrl + query, {});
  const headers = { "content-type": "application/json", "x-twilio-signature": signature };
  return { path: `/upsales${query}`, headers, body };
}

describe.each(two)("$name", (framework) => {
  const open = (given: HouseOptions = {}, options: object = {}) =>
    openHouse(framework, "upsales", {
      provider: twilio({ authToken, ...options }),
      ...given,
      options: { authenticate: undefined, publicUrl, ...given.options },
    });

  it.each<[string, Signed]>([
    ["its address", {}],
    ["a query", { query: "?foo=1&bar=a%20b" }],
    ["the port written out", { url: "https://app.example:443/twilio" }],
  ])("twilio.1 what Twilio's own package signed over %s is let in", async (_, how) => {
    const house = await open();
    expect((await house.deliver(request(sms, how))).status).toBe(200);
    expect(house.events).toMatchObject([{ type: "message", data: sms, accountSid: "AC1" }]);
  });

  it("twilio.1 of an address with a port, with and without it", async () => {
    const house = await open({ options: { publicUrl: "https://app.example:8443/twilio" } });
    for (const url of ["https://app.example:8443/twilio", publicUrl])
      expect((await house.deliver(request({ ...sms, MessageSid: url }, { url }))).status).toBe(200);
    expect((await house.deliver(request(sms, { url: "https://app.example:443/twilio" }))).status).toBe(401);
  });

  it("twilio.1 tampered, from another address or signed by another it is a 401", async () => {
    const house = await open();
    const good = request(sms);
    for (const bad of [
      { ...good, body: good.body.replace("SM1", "SM2") },
      { ...good, body: `${good.body}&Extra=` },
      { ...good, path: "/upsales?a=1" },
      request(sms, { url: "https://evil.example/twilio" }),
      request(sms, { by: "another" }),
    ])
      expect((await house.deliver(bad)).status).toBe(401);
    expect(house.events).toEqual([]);
  });

  it("twilio.1 both tokens are good while one is promoted", async () => {
    const house = await open({}, { authToken: ["the-new-one", authToken] });
    expect((await house.deliver(request(sms))).status).toBe(200);
  });

  it("twilio.1 JSON is let in by its digest in the address, and by nothing else", async () => {
    const house = await open();
    const good = json([{ specversion: "1.0" }]);
    expect((await house.deliver(good)).status).toBe(200);
    expect((await house.deliver({ ...good, body: "[]" })).status).toBe(401);
    expect((await house.deliver({ ...good, path: "/upsales" })).status).toBe(401);
    // the signature of a form whose fields read like JSON
    const { headers } = request({ "1": "" });
    const asJson = { ...headers, "content-type": "application/json" };
    expect((await house.deliver({ path: "/upsales", headers: asJson, body: "1" })).status).toBe(401);
    expect(house.events).toMatchObject([{ type: "*", name: "request", data: [{ specversion: "1.0" }] }]);
    expect((await house.deliver(json(null))).status).toBe(200);
  });

  it.each<[string, Record<string, string>]>([
    ["message", sms],
    ["message", { ...sms, MessageStatus: "received" }],
    ["message.status", { MessageSid: "SM1", MessageStatus: "delivered" }],
    ["call", call],
    ["call", { ...call, CallStatus: "in-progress", Digits: "1" }],
    ["call.status", { ...call, CallStatus: "completed", CallbackSource: "call-progress-events" }],
    ["call.status", { ...call, CallStatus: "completed", SequenceNumber: "0" }],
    ["recording.status", { CallSid: "CA1", RecordingSid: "RE1", RecordingStatus: "completed" }],
    ["participant-join", { ConferenceSid: "CF1", StatusCallbackEvent: "participant-join" }],
    ["onMessageAdded", { ConversationSid: "CH1", EventType: "onMessageAdded" }],
  ])("twilio.2 a request is a %s by its fields: %j", async (name, fields) => {
    const house = await open();
    expect((await house.deliver(request(fields))).status).toBe(200);
    expect(house.events).toMatchObject([{ name, data: fields }]);
  });

  it("twilio.3 the key is the sid, its status, and Twilio's token where there is one", async () => {
    const house = await open();
    for (const token of ["t1", "t1", "t2"]) await house.deliver(request(sms, { token }));
    expect(house.events).toHaveLength(2);
    for (const MessageStatus of ["sent", "delivered", "sent"])
      await house.deliver(request({ MessageSid: "SM1", MessageStatus }));
    expect(house.events).toHaveLength(4);
  });

  it("twilio.4 TwiML goes out in the reply, from Twilio's own package too", async () => {
    const twiml = new kit.twiml.MessagingResponse();
    twiml.message("Hej å!");
    const house = await open({ handle: () => twiml.toString() });
    const { status, text, headers } = await house.deliver(request(sms));
    expect([status, text, headers.get("content-type")]).toEqual([
      200,
      twiml.toString(),
      "text/xml; charset=utf-8",
    ]);
    const quiet = await open();
    expect((await quiet.deliver(request(sms))).text).toBe("<Response/>");
    expect((await quiet.deliver(request({ MessageSid: "SM1", MessageStatus: "sent" }))).text).toBe("");
  });

  it.each([
    ["a text", () => "Hello!"],
    ["an object", () => ({ message: "Hello!" })],
    ["what makes TwiML", () => new kit.twiml.MessagingResponse()],
  ])("twilio.4 %s is no TwiML, and told", async (_, handle) => {
    const house = await open({ handle });
    expect((await house.deliver(request(call))).status).toBe(500);
    expect(house.told).toMatchObject([{ facts: { code: "invalid_answer" } }]);
  });

  it("twilio.5 whoever calls is answered each time, and within 13 s", async () => {
    const clock = countingClock();
    let answer: PromiseWithResolvers<string> = Promise.withResolvers();
    const house = await open({ clock, handle: () => answer.promise });
    const slow = house.deliver(request(call));
    await expect.poll(() => house.events.length).toBe(1);
    await clock.advance(13_000);
    expect(await slow).toMatchObject({ status: 200, text: "<Response/>" });
    answer.resolve("<Response/>");
    answer = Promise.withResolvers();
    const again = house.deliver(request(call));
    await expect.poll(() => house.events.length).toBe(2);
    answer.resolve("<Response><Hangup/></Response>");
    expect((await again).text).toBe("<Response><Hangup/></Response>");
  });

  it("twilio.5 a message that fails is ours to try again, as Twilio does not; its TwiML is dropped then", async () => {
    const clock = countingClock();
    let fails = true;
    const handle = () => {
      if (fails) throw new Error("not now");
      return "<Response><Message>late</Message></Response>";
    };
    const house = await open({ clock, handle });
    expect(await house.deliver(request(sms))).toMatchObject({ status: 200, text: "<Response/>" });
    fails = false;
    await clock.advance(5_000);
    await expect.poll(() => house.events.length).toBe(2);
    await expect.poll(() => house.warnings.map(({ message }) => message).join()).toMatch(/TwiML/);
  });

  it("twilio.6 what is to be registered with a number: the addresses that are handled", async () => {
    const handle = { message: () => {}, "call.status": () => {} };
    const house = await open({ handle });
    expect(house.receiver.registration({ url: publicUrl })).toEqual({
      smsUrl: publicUrl,
      smsMethod: "POST",
      statusCallback: publicUrl,
      statusCallbackMethod: "POST",
    });
  });

  it("twilio.1 twilio.3 twilio.4 the judge of Twilio finds nothing wrong", { timeout: 60_000 }, async () => {
    expect(
      await faultsOf(framework, {
        sender: sender!,
        make: () => twilio({ authToken }),
        idOf: ({ data }) => data.MessageSid,
        options: { publicUrl: "https://app.example/hooks" },
      }),
    ).toEqual([]);
  });
});

it("twilio.1 without publicUrl it is refused at creation", async () => {
  const given = { provider: twilio({ authToken }), options: { authenticate: undefined } };
  await expect(openHouse(two[0]!, "upsales", given)).rejects.toMatchObject({
    name: "OptionError",
    option: "publicUrl",
    code: "missing",
  });
});

it.each([
  [{}, "missing"],
  [{ authToken: "" }, "empty"],
  [{ authToken, token: "a" }, "unknown"],
])("twilio.1 %j is refused at creation", (options, code) => {
  expect(() => twilio(options as any)).toThrow(expect.objectContaining({ name: "OptionError", code }));
});
