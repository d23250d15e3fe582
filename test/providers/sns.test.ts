/** Amazon SNS, signed with certificates of our own, held against sns-validator, and played by the simulator. */
import { createSign } from "node:crypto";
import https from "node:https";
import { Readable } from "node:stream";
import { sns, type SnsOptions } from "@answerback/providers/sns";
import { senders, signed as sent, type RawDelivery } from "@answerback/simulator";
import MessageValidator from "sns-validator";
import { describe, expect, it, vi } from "vitest";
import { selfSigned } from "../../packages/simulator/src/lib/certificate.ts";
import { countingClock, two } from "../life-cycle/support.ts";
import type { Sample } from "../support/deliveries.ts";
import { openHouse, type HouseOptions } from "../support/house.ts";
import { manualClock } from "../support/manual-clock.ts";
import { openDelivery } from "../unit/deliveries.ts";
import { faultsOf } from "./judged.ts";

const topicArn = "arn:aws:sns:eu-west-1:123456789012:MyTopic";
const host = "https://sns.eu-west-1.amazonaws.com";
const certified = selfSigned("sns.amazonaws.com");
const kits = {
  "1": senders.sns({ topicArn, certificate: certified }),
  "2": senders.sns({ topicArn, certificate: certified, signatureVersion: "2" }),
} as const;
const kit = kits[1];

const published = async () => new Response(certified.certificate);
/** Publishes the certificate at its own address alone, and counts who asks. */
function counting() {
  const urls: string[] = [];
  const fetch: SnsOptions["fetch"] = async (url) => {
    urls.push(url);
    return url === kit.certificateUrl ? published() : new Response(null, { status: 404 });
  };
  return { fetch, urls };
}

const make = (more: Partial<SnsOptions> = {}) => sns({ topicArn, fetch: published, ...more });

/** A delivery of the simulator's, as it travels. */
function travelling(delivery: RawDelivery): Sample {
  const { headers, body } = sent(delivery, { at: 0 });
  return { path: "/upsales", headers: headers as Record<string, string>, body: String(body) };
}

/** A message with some fields changed, signed or as it was signed before. */
function changed(sample: Sample, fields: object, { key }: { key?: string } = {}): Sample {
  const message = { ...JSON.parse(sample.body), ...fields };
  if (key !== undefined) message.Signature = signature(message, key);
  return { ...sample, body: JSON.stringify(message) };
}

function signature(message: Record<string, string>, key: string): string {
  const names = ["Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"];
  const text = names.flatMap((name) => (message[name] === undefined ? [] : [`${name}\n${message[name]}\n`]));
  return createSign(message["SignatureVersion"] === "1" ? "RSA-SHA1" : "RSA-SHA256")
    .update(text.join(""))
    .sign(key, "base64");
}

const notification = () => travelling(kit.notification());
const resigned = (fields: object) => changed(notification(), fields, { key: certified.key });

describe.each(two)("$name", (framework) => {
  const open = (given: HouseOptions = {}, more: Partial<SnsOptions> = {}) =>
    openHouse(framework, "upsales", { provider: make(more), options: { authenticate: undefined }, ...given });

  it.each(["1", "2"] as const)("sns.1 a message that is signed by version %s is let in", async (version) => {
    const house = await open();
    const sample = travelling(kits[version].notification());
    expect((await house.deliver(sample)).status).toBe(200);
    expect(house.events).toMatchObject([{ type: "Notification", data: JSON.parse(sample.body) }]);
  });

  it("sns.1 of a topic that has its own type for JSON, too", async () => {
    const house = await open();
    const { headers, ...sample } = notification();
    const others = Object.fromEntries(Object.entries(headers).filter(([name]) => !/type$/i.test(name)));
    const delivery = { ...sample, headers: { ...others, "content-type": "application/json" } };
    expect((await house.deliver(delivery)).status).toBe(200);
  });

  it.each<[string, () => Sample]>([
    ["another text", () => changed(notification(), { Message: "Not this" })],
    ["another subject", () => changed(notification(), { Subject: "Not this" })],
    ["no subject", () => changed(notification(), { Subject: undefined })],
    ["another id", () => changed(notification(), { MessageId: "another" })],
    ["another version", () => changed(notification(), { SignatureVersion: "2" })],
    ["a version that there is not", () => changed(notification(), { SignatureVersion: "3" })],
    ["no signature", () => changed(notification(), { Signature: undefined })],
    ["another's signature", () => changed(notification(), {}, { key: selfSigned("sns").key })],
    ["a type that there is not", () => resigned({ Type: "Nothing" })],
    [
      "no token, where one is signed",
      () => resigned({ Type: "SubscriptionConfirmation", SubscribeURL: host }),
    ],
    ["lines in its id", () => resigned({ MessageId: "a\nSubject\nb", Subject: undefined })],
    ["a list", () => ({ ...notification(), body: "[]" })],
  ])("sns.1 with %s it is a 401", async (_, make) => {
    const house = await open();
    expect((await house.deliver(make())).status).toBe(401);
    expect(house.events).toEqual([]);
  });

  it("sns.2 a message of another topic is a 401 that says so, whatever its header says", async () => {
    const house = await open();
    const another = { TopicArn: "arn:aws:sns:eu-west-1:999999999999:MyTopic" };
    const quiet = resigned(another);
    const header = { "x-amz-sns-topic-arn": another.TopicArn };
    const loud = { ...quiet, headers: { ...quiet.headers, ...header } };
    for (const sample of [quiet, loud]) {
      expect((await house.deliver(sample)).status).toBe(401);
      expect(house.told.at(-1)!.error.message).toMatch(/from a topic that the option topicArn does not name/);
    }
  });

  it("sns.2 of several topics each is let in", async () => {
    const other = "arn:aws-cn:sns:cn-north-1:123456789012:Other";
    const house = await open({}, { topicArn: [topicArn, other] });
    const SigningCertURL = "https://sns.cn-north-1.amazonaws.com.cn/SimpleNotificationService-0.pem";
    const sample = resigned({ TopicArn: other, SigningCertURL });
    const headers = { ...sample.headers, "x-amz-sns-topic-arn": other };
    expect((await house.deliver({ ...sample, headers })).status).toBe(200);
    expect((await house.deliver(notification())).status).toBe(200);
  });

  it("sns.2 raw message delivery is a 401 that says how to end it", async () => {
    const house = await open();
    const headers = { "content-type": "text/plain; charset=UTF-8", "x-amz-sns-rawdelivery": "true" };
    expect((await house.deliver({ path: "/upsales", headers, body: '"Hello"' })).status).toBe(401);
    expect(house.told[0]!.error.message).toMatch(/switch RawMessageDelivery off/);
  });

  it.each([
    "http://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0.pem",
    "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0.pem",
    "https://sns.eu-west-1.amazonaws.com.evil.example/SimpleNotificationService-0.pem",
    "https://sns.eu-west-1.amazonaws.com@evil.example/SimpleNotificationService-0.pem",
    "https://sns.eu-west-1.amazonaws.com:8443/SimpleNotificationService-0.pem",
    "https://sns.eu-west-1.amazonaws.com.cn/SimpleNotificationService-0.pem",
    "https://evil.s3.eu-west-1.amazonaws.com/SimpleNotificationService-0.pem",
    "https://sns.eu-west-1.amazonaws.com/?Action=GetTopic&a=.pem",
    "https://sns.eu-west-1.amazonaws.com/a/../b.pem",
    "https://sns.eu-west-1.amazonaws.com/key",
    " https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0.pem",
    "https://SNS.eu-west-1.amazonaws.com/SimpleNotificationService-0.pem",
    "",
  ])("sns.3 a certificate at %j is not fetched", async (SigningCertURL) => {
    const { fetch, urls } = counting();
    const house = await open({}, { fetch });
    expect((await house.deliver(resigned({ SigningCertURL }))).status).toBe(401);
    expect(urls).toEqual([]);
  });

  it("sns.3 a certificate is fetched once for all who name it", async () => {
    const { fetch, urls } = counting();
    const house = await open({}, { fetch });
    for (const _ of [1, 2]) expect((await house.deliver(notification())).status).toBe(200);
    expect(urls).toEqual([kit.certificateUrl]);
  });

  it("sns.3 of those that nobody knows ten are fetched in a minute, and those that are kept hold", async () => {
    const clock = manualClock();
    const { fetch, urls } = counting();
    const house = await open({ clock }, { fetch, clock });
    const named = (n: number) => resigned({ SigningCertURL: `${host}/SimpleNotificationService-${n}.pem` });
    expect((await house.deliver(notification())).status).toBe(200);
    for (let n = 0; n < 12; n += 1) expect((await house.deliver(named(n))).status).toBe(503);
    expect(urls).toHaveLength(10);
    expect((await house.deliver(notification())).status).toBe(200);
    await clock.advance(60_000);
    await house.deliver(named(1));
    expect(urls).toHaveLength(11);
  });

  it.each<[string, SnsOptions["fetch"], RegExp]>([
    ["answers 500", async () => new Response(certified.certificate, { status: 500 }), /it answered 500/],
    ["redirects", async () => new Response(null, { status: 302 }), /it answered 302/],
    ["answers with garbage", async () => new Response("<html>"), /its answer is no certificate/],
    ["has a key alone", async () => new Response(certified.key), /its answer is no certificate/],
    ["has too much", async () => new Response(certified.certificate.padEnd(65_537)), /more than 65536 bytes/],
    ["fails", async () => Promise.reject(new Error("ENOTFOUND")), /the fetch failed/],
  ])("sns.3 where the address of the certificate %s, it comes again", async (_, fetch, why) => {
    const house = await open({}, { fetch });
    const answer = await house.deliver(notification());
    expect([answer.status, answer.json]).toEqual([503, { code: "keys_away" }]);
    expect(house.told[0]!.error.message).toMatch(why);
  });

  it.each([Date.UTC(2024, 11, 31), Date.UTC(2050, 0, 1)])(
    "sns.3 a certificate is not valid at %i, outside of its dates",
    async (start) => {
      const clock = manualClock(start);
      const house = await open({ clock }, { clock });
      expect((await house.deliver(notification())).status).toBe(401);
      expect(house.told[0]!.error.message).toMatch(/certificate is not valid now; is the clock right/);
    },
  );

  it("sns.4 the message's id is its key", async () => {
    const house = await open();
    const sample = notification();
    await house.deliver(sample);
    await house.deliver(sample);
    await house.deliver(travelling(kit.notification({ seed: 2 })));
    expect(house.events).toHaveLength(2);
  });

  it("sns.5 a subscription is confirmed by a GET, and its token is nowhere else", async () => {
    const house = await open({ handle: () => {} });
    const sample = travelling(kit.subscriptionConfirmation());
    const { SubscribeURL, Token } = JSON.parse(sample.body);
    const answer = await house.deliver(sample);
    expect([answer.status, answer.text]).toEqual([200, ""]);
    await house.receiver.idle();
    expect(house.posts).toEqual([{ url: SubscribeURL, method: "GET", body: undefined, headers: {} }]);
    expect(house.events).toEqual([]);
    expect(JSON.stringify([house.observed, house.told])).not.toContain(Token);
    await house.deliver(sample);
    await house.receiver.idle();
    expect(house.posts).toHaveLength(1);
  });

  it("sns.5 that fails is tried again, and told when it is refused", async () => {
    const clock = countingClock();
    let status = 503;
    const transport = async () => new Response(null, { status });
    const house = await open({ clock, transport }, { clock });
    await house.deliver(travelling(kit.subscriptionConfirmation()));
    await expect.poll(() => house.posts.length).toBe(1);
    status = 403;
    await clock.advance(10_000);
    await expect
      .poll(() => house.observed.find(({ kind }) => kind === "dead"))
      .toMatchObject({ code: "callback_rejected" });
    expect(house.posts).toHaveLength(2);
  });

  it("sns.5 the app may decide, and finds no token", async () => {
    const confirm = ({ data }: any) => ({ confirm: !data.TopicArn.endsWith("MyTopic") });
    const house = await open({ handle: { SubscriptionConfirmation: confirm } });
    await house.deliver(travelling(kit.subscriptionConfirmation()));
    await house.receiver.idle();
    expect(house.posts).toEqual([]);
    expect(house.events).toMatchObject([{ data: { TopicArn: topicArn }, callback: true }]);
    expect(Object.keys(house.events[0].data)).not.toContain("Token");
  });

  it.each([
    "https://evil.example/?Action=ConfirmSubscription",
    `${host}/?Action=Unsubscribe`,
    "https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription",
  ])("sns.5 nothing is sent to %s, though it is signed", async (SubscribeURL) => {
    const house = await open();
    const sample = travelling(kit.subscriptionConfirmation());
    await house.deliver(changed(sample, { SubscribeURL }, { key: certified.key }));
    await house.receiver.idle();
    expect(house.posts).toEqual([]);
    expect(house.told.map(({ facts }) => facts.code)).toContain("callback_url_refused");
  });

  it("sns.6 an ended subscription is an event, and answered by nothing", async () => {
    const house = await open();
    const sample = travelling(kit.subscriptionConfirmation());
    const ended = changed(sample, { Type: "UnsubscribeConfirmation" }, { key: certified.key });
    await house.deliver(ended);
    await house.receiver.idle();
    expect(house.events).toMatchObject([{ type: "UnsubscribeConfirmation", callback: false }]);
    expect([house.posts, house.told]).toEqual([[], []]);
  });

  it("sns.6 what makes it send again is a 5xx", async () => {
    const handled = Promise.withResolvers<void>();
    const options = { authenticate: undefined, maxConcurrent: 1 };
    const house = await open({ options, handle: () => handled.promise });
    const first = house.deliver(notification());
    await expect.poll(() => house.events.length).toBe(1);
    expect((await house.deliver(travelling(kit.notification({ seed: 2 })))).status).toBe(503);
    handled.resolve();
    expect((await first).status).toBe(200);
  });

  it("sns.7 what is to be registered: a subscription for each topic", async () => {
    const house = await open();
    const url = "https://app.example/hooks/sns";
    expect(house.receiver.registration({ url })).toEqual({
      subscriptions: [{ TopicArn: topicArn, Protocol: "https", Endpoint: url }],
    });
  });

  it("sns.1 sns.4 the judge of SNS finds nothing wrong", { timeout: 60_000 }, async () => {
    expect(
      await faultsOf(framework, { sender: kit.senders[0]!, make, idOf: ({ data }) => data.MessageId }),
    ).toEqual([]);
  });
});

it("sns.3 a certificate that is on its way is fetched for all who wait", async () => {
  const { fetch, urls } = counting();
  const { authenticator } = make({ fetch });
  const { body, headers } = notification();
  const lists = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value]]);
  const delivery = openDelivery({
    headers: Object.fromEntries(lists),
    receivedAt: Date.UTC(2026, 0, 1),
    body: () => Promise.resolve(JSON.parse(body)),
  });
  const verdicts = await Promise.all(Array.from({ length: 30 }, async () => authenticator.verify(delivery)));
  expect([new Set(verdicts), urls]).toEqual([new Set([true]), [kit.certificateUrl]]);
});

describe("sns-validator", () => {
  /** What the package says, with our certificate wherever it looks. */
  async function says({ body }: Sample): Promise<boolean> {
    const get = vi.spyOn(https, "get").mockImplementation(((_url: unknown, then: (response: any) => void) => {
      then(Object.assign(Readable.from([certified.certificate]), { statusCode: 200 }));
      return { on: () => {} };
    }) as never);
    try {
      return await new Promise((resolve) =>
        new MessageValidator().validate(body, (error) => resolve(!error)),
      );
    } finally {
      get.mockRestore();
    }
  }

  it.each<[string, boolean, () => Sample]>([
    ["version 1", true, notification],
    ["version 2", true, () => travelling(kits[2].notification())],
    ["a confirmation", true, () => travelling(kit.subscriptionConfirmation())],
    ["no subject", true, () => resigned({ Subject: undefined })],
    ["lines and letters", true, () => resigned({ Message: 'å\n\n{"a":1}\r\n\u{1F600}' })],
    ["another text", false, () => changed(notification(), { Message: "Not this" })],
    ["another key", false, () => changed(notification(), {}, { key: selfSigned("sns").key })],
    ["a foreign certificate", false, () => resigned({ SigningCertURL: "https://evil.example/a.pem" })],
  ])("sns.1 says the same of %s", async (_, isGood, sampleOf) => {
    const sample = sampleOf();
    const house = await openHouse(two[0]!, "upsales", {
      provider: make(),
      options: { authenticate: undefined },
    });
    expect([await says(sample), (await house.deliver(sample)).status]).toEqual([isGood, isGood ? 200 : 401]);
  });
});

it.each([
  [{ topicArn }, "missing"],
  [{ fetch }, "missing"],
  [{ topicArn: [], fetch }, "empty"],
  [{ topicArn: "MyTopic", fetch }, "invalid"],
  [{ topicArn: `${topicArn}.fifo`, fetch }, "invalid"],
  [{ topicArn, fetch, topics: [] }, "unknown"],
])("sns.2 %j is refused at creation", (options, code) => {
  expect(() => sns(options as any)).toThrow(expect.objectContaining({ name: "OptionError", code }));
});
