/** The other senders: signatures by the vectors of their documentation, and what each concludes that no other does. */
import { createVerify, X509Certificate } from "node:crypto";
import { createServer } from "node:http";
import { callbackUrls, play, senders, signed } from "@answerback/simulator";
import type { AnyDelivery, Journal, RawDelivery, Seen } from "@answerback/simulator";
import { describe, expect, test } from "vitest";

const github = senders.github({ secret: "It's a Secret to Everybody" });
const stripe = senders.stripe({ secret: "whsec_test_secret" });
const shopify = senders.shopify({ clientSecret: "hush" });
const standard = senders.standardWebhooks({ secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" });
const twilio = senders.twilio({ authToken: "12345", origin: "https://mycompany.com" });
const meta = senders.meta({ appSecret: "an-app-secret", verifyToken: "meatyhamhock" });
const telegram = senders.telegram({ secretToken: "a-secret_token" });

const said = (journal: Journal) => journal.map(({ concluded }) => concluded.says);
const answered = (status: number, body = "", headers = {}): Seen => ({
  kind: "answered",
  status,
  headers,
  body,
  tookMs: 1,
});
const concluded = (delivery: AnyDelivery, seen: Seen, attempt = 1, sinceMs = 0) =>
  delivery.protocol!.conclude(seen, { attempt, sinceMs }).says;

/** The header of a delivery as it goes out. */
const header = (delivery: RawDelivery, name: string, at = 0) => signed(delivery, { at }).headers[name];

describe("signatures", () => {
  test("GitHub's is that of its documentation", () => {
    const delivery = { ...github.push(), body: "Hello, World!" };
    const digest = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    expect(header(delivery, "X-Hub-Signature-256")).toBe(`sha256=${digest}`);
  });

  test("Standard Webhooks' is that of its libraries", () => {
    const delivery = standard.event("test", { headers: { "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek" } });
    const sent = signed({ ...delivery, body: '{"test": 2432232314}' }, { at: 1_614_265_330_000 });
    expect(sent.headers).toMatchObject({
      "webhook-timestamp": "1614265330",
      "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    });
  });

  test("Twilio's is that of its documentation: the address, and the fields by their names", () => {
    const form = {
      To: "+18005551212",
      Digits: "1234",
      Caller: "+14158675309",
      From: "+14158675309",
      CallSid: "CA1234567890ABCDE",
    };
    const delivery = {
      ...twilio.call(),
      path: "/myapp.php?foo=1&bar=2",
      body: new URLSearchParams(form).toString(),
    };
    expect(header(delivery, "X-Twilio-Signature")).toBe("RSOYDt4T1cUTdK1PDd93/VVr8B8=");
  });

  test("Stripe's has its time, Shopify's is base64, Meta's signs what it escaped, Telegram's is the secret", () => {
    expect(header(stripe.event("invoice.paid"), "Stripe-Signature", 5_999)).toMatch(/^t=5,v1=[0-9a-f]{64}$/);
    expect(header(shopify.ordersCreate(), "X-Shopify-Hmac-Sha256")).toMatch(/^[A-Za-z0-9+/]{43}=$/);
    const message = meta.whatsappMessage({ fields: { text: { body: "Åsa 🎉" } } });
    expect(message.body).toContain('"\\u00c5sa \\ud83c\\udf89"');
    expect(header(message, "X-Hub-Signature-256")).toMatch(/^sha256=[0-9a-f]{64}$/);
    expect(header(telegram.message(), "X-Telegram-Bot-Api-Secret-Token")).toBe("a-secret_token");
  });

  test.for(["1", "2"] as const)(
    "SNS' version %s stands in the body, and its certificate verifies it",
    (version) => {
      const sns = senders.sns({ signatureVersion: version });
      const certificate = new X509Certificate(sns.certificate);
      expect(certificate.verify(certificate.publicKey)).toBe(true);
      expect(certificate.subject).toBe("CN=sns.amazonaws.com");
      const message = JSON.parse(sns.notification().body);
      const names = ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"];
      const text = names.map((name) => `${name}\n${message[name]}\n`).join("");
      const verifier = createVerify(version === "1" ? "RSA-SHA1" : "RSA-SHA256").update(text);
      expect(verifier.verify(sns.certificate, message.Signature, "base64")).toBe(true);
      expect(message).toMatchObject({ SignatureVersion: version, SigningCertURL: sns.certificateUrl });
      expect(sns.notification().headers["Content-Type"]).toBe("text/plain; charset=UTF-8");
    },
  );
});

describe("what they conclude", () => {
  test.for<[string, AnyDelivery, Seen, number, string]>([
    ["GitHub sends once", github.push(), answered(500), 1, "will never retry: 500"],
    [
      "Stripe waits for days",
      stripe.event("invoice.paid"),
      answered(500),
      9,
      "will retry in 12 h, attempt 10 of 10",
    ],
    ["Stripe gives up", stripe.event("invoice.paid"), answered(500), 10, "gave up after 10 attempts"],
    [
      "Shopify tries nine times",
      shopify.ordersCreate(),
      answered(404),
      8,
      "will retry in 7168 s, attempt 9 of 9",
    ],
    [
      "Standard Webhooks follow the schedule",
      standard.event("a.b"),
      answered(500),
      2,
      "will retry in 300 s, attempt 3",
    ],
    ["Standard Webhooks end with 410", standard.event("a.b"), answered(410), 1, "gave up after 1 attempt"],
    [
      "Twilio tries a refused connection again",
      twilio.message(),
      { kind: "refused", tookMs: 1 },
      1,
      "will retry in 0 ms, attempt 2",
    ],
    ["Twilio tries no status again", twilio.message(), answered(500), 1, "gave up after 1 attempt"],
    ["Meta wants a 200", meta.whatsappMessage(), answered(204), 1, "will retry in 0 ms, attempt 2"],
    [
      "Telegram goes on for a while",
      telegram.message(),
      answered(403),
      1,
      "will retry in 1 s, attempt 2 of 8",
    ],
  ])("%s", ([, delivery, seen, attempt, says]) => {
    expect(concluded(delivery, seen, attempt)).toBe(says);
  });

  test("Shopify's attempts stay within four hours, Meta's within 36", () => {
    expect([56, 112, 224, 448, 896, 1_792, 3_584, 7_168].reduce((a, b) => a + b)).toBeLessThan(4 * 3_600);
    expect(concluded(meta.whatsappMessage(), answered(500), 12, 35 * 3_600_000)).toBe(
      "gave up after 12 attempts",
    );
  });

  test("Stripe takes a decision alone for a decision", () => {
    const request = stripe.issuingAuthorizationRequest();
    const version = { "stripe-version": "2025-09-30.clover" };
    expect(concluded(request, answered(200, '{"approved":false}', version))).toBe("acknowledged");
    expect(concluded(request, answered(200, "{}", version))).toMatch(/neither approved nor declined$/);
    expect(concluded(request, answered(200, '{"approved":true}'))).toMatch(
      /no Stripe-Version in the answer$/,
    );
    expect(request.protocol!.patienceMs).toBe(2_000);
  });

  test("Meta's handshake wants its challenge back, for its own token", async () => {
    const handshake = meta.handshake({ mount: "/meta" });
    const right = createServer((request, response) => {
      const query = new URL(request.url!, "http://a").searchParams;
      response.end(query.get("hub.verify_token") === "meatyhamhock" ? query.get("hub.challenge") : undefined);
    });
    expect(handshake).toMatchObject({
      method: "GET",
      path: expect.stringMatching(/^\/meta\?hub\.mode=subscribe&/),
    });
    expect(said(await play(right, handshake))).toEqual(["acknowledged"]);
    expect(concluded(handshake, answered(200, "{}"))).toMatch(/^will retry/);
    const batch = JSON.parse(meta.whatsappBatch().body);
    expect(batch.entry.map(({ changes }: any) => changes[0].value.messages.length)).toEqual([2, 1]);
    expect(JSON.parse(meta.messengerMessage().body)).toMatchObject({ object: "page" });
  });
});

describe("what they take", () => {
  /** What a receiver that answers 200 gets for these requests to the address of a delivery. */
  async function replies(delivery: AnyDelivery, ...requests: readonly object[]) {
    const callbacks = callbackUrls();
    await play((_, response) => response.end(), delivery, { callbacks, callbackWithinMs: 0 });
    const url = delivery.protocol!.callback!.urlOf(delivery)!;
    const statuses: number[] = [];
    for (const request of requests) statuses.push((await callbacks.transport(url, request)).status);
    return { statuses, says: callbacks.uses.map((use) => use.concluded.says) };
  }

  test.for(["json", "form"] as const)(
    "GitHub takes ten reports and one decision, with a token: %s",
    async (contentType) => {
      const rule = senders.github({ secret: "s", contentType }).deploymentProtectionRule();
      const review = (
        body: object,
        headers: object = { authorization: "Bearer ghs_16C7e42F292c6912E7710c838347Ae178B4a" },
      ) => ({
        method: "POST",
        headers,
        body: JSON.stringify({ environment_name: "production", ...body }),
      });
      const { statuses } = await replies(
        rule,
        review({ state: "approved" }, {}),
        review({ state: "perhaps" }),
        review({ environment_name: undefined, state: "approved" }),
        review({ comment: "Looking…" }),
        review({ state: "approved", comment: "Fine" }),
        review({ state: "rejected" }),
      );
      expect(statuses).toEqual([401, 422, 422, 204, 204, 410]);
    },
  );

  test("SNS takes a GET of its SubscribeURL for the confirmation", async () => {
    const sns = senders.sns();
    const { statuses, says } = await replies(sns.subscriptionConfirmation(), { method: "POST" }, {});
    expect(statuses).toEqual([405, 200]);
    expect(says).toEqual(["callback refused: POST, must be GET", "callback accepted"]);
  });
});

test("an event of GitHub's has its action in the body, and not in the header", () => {
  const opened = github.event("issues.opened");
  expect([opened.headers["X-GitHub-Event"], JSON.parse(String(opened.body)).action]).toEqual([
    "issues",
    "opened",
  ]);
});

test("a redelivery of GitHub's is the same delivery; another seed is another", () => {
  const { headers, id } = github.event("issues", { seed: 3, fields: { action: "opened" } });
  expect(headers).toMatchObject({ "X-GitHub-Event": "issues", "X-GitHub-Delivery": id });
  expect(github.event("issues", { seed: 3 }).id).toBe(id);
  expect(github.event("issues", { seed: 4 }).id).not.toBe(id);
});

test.for<[string, () => unknown, string]>([
  ["no secret", () => senders.github({ secret: "" }), "empty"],
  ["a secret that is not base64", () => senders.standardWebhooks({ secret: "whsec_%" }), "invalid"],
  ["a field of the wrong name", () => github.push({ field: {} } as any), "unknown"],
])("%s is an OptionError that shows no secret", ([, make, code]) => {
  expect(make).toThrow(expect.objectContaining({ name: "OptionError", code }));
  expect(make).toThrow(expect.objectContaining({ message: expect.not.stringContaining("whsec_%") }));
});
