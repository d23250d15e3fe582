/** The rules of right receivers for the senders of the kit, and for one of one's own. */
import { createHmac, createPublicKey, createVerify, verify } from "node:crypto";
import { senders, simulate } from "@answerback/simulator";
import type { Sender } from "@answerback/simulator";
import type { Request, Rules } from "./receiver.ts";
import { rules } from "./receiver.ts";

const signingSecret = "8f742231b10e8888abcd99yyyzzz85a5";
const slack = senders.slack({ signingSecret });
const discord = senders.discord();
const github = senders.github({ secret: "a-webhook-secret" });
const stripe = senders.stripe({ secret: "whsec_test_secret" });
const sns = senders.sns();

const hex = (key: string, text: string) => createHmac("sha256", key).update(text).digest("hex");
const isFresh = (seconds: unknown, now: number) => Math.abs(now / 1_000 - Number(seconds)) < 300;
const json = (value: unknown) => ({
  status: 200,
  body: JSON.stringify(value),
  headers: { "content-type": "application/json" },
});

function admitsSlack({ headers, body }: Request, now: number): boolean {
  const at = headers["x-slack-request-timestamp"];
  return (
    isFresh(at, now) &&
    headers["x-slack-signature"] === `v0=${hex(signingSecret, `v0:${String(at)}:${body}`)}`
  );
}

function admitsDiscord({ headers, body }: Request, now: number): boolean {
  const at = headers["x-signature-timestamp"];
  const spki = Buffer.from(`302a300506032b6570032100${discord.publicKey}`, "hex");
  const key = createPublicKey({ key: spki, format: "der", type: "spki" });
  const signature = Buffer.from(String(headers["x-signature-ed25519"]), "hex");
  return isFresh(at, now) && verify(null, Buffer.from(`${String(at)}${body}`), key, signature);
}

const payloadOf = ({ body }: Request) => JSON.parse(new URLSearchParams(body).get("payload") ?? "{}");
const fieldOf = ({ body }: Request, name: string) => new URLSearchParams(body).get(name) ?? "";
const eventOf = ({ headers }: Request) => headers["x-github-event"];
const guidOf = ({ headers }: Request) => String(headers["x-github-delivery"]);
const post = (url: string) => ({ url, method: "POST" });

const acme = simulate({
  name: "acme",
  patience: "3s",
  retries: ["0s", "1m", "5m"],
  sign: ({ body }, { at }) => ({ "X-Acme": `${at} ${hex("acme", `${at} ${String(body)}`)}` }),
  tolerance: "5m",
  example: (n) => ({ event: "order.paid", id: `o-${n}`, json: { id: `o-${n}` } }),
  handshakes: [
    {
      event: "challenge",
      method: "GET",
      path: "/?challenge=4711",
      taken: ({ body }) => body === "4711" || "it is not 4711",
    },
  ],
});

function admitsAcme({ method, headers, body }: Request, now: number): boolean {
  const [at, digest] = String(headers["x-acme"]).split(" ");
  return method === "GET" || (isFresh(Number(at) / 1_000, now) && digest === hex("acme", `${at} ${body}`));
}

const slackRules: Rules = { ...rules, admits: admitsSlack };

/** Each sender with a receiver that does right. */
export const right: Readonly<Record<string, { readonly sender: Sender; readonly rule: Rules }>> = {
  acme: {
    sender: acme,
    rule: {
      ...rules,
      admits: admitsAcme,
      handshake: ({ method, url }) =>
        method === "GET" ? { status: 200, body: url.searchParams.get("challenge")! } : undefined,
      busy: { status: 503 },
    },
  },
  "slack command": {
    sender: slack.senders[0]!,
    rule: {
      ...slackRules,
      idOf: (request) => fieldOf(request, "trigger_id"),
      inline: json,
      posting: (request) => post(fieldOf(request, "response_url")),
    },
  },
  "slack interaction": {
    sender: slack.senders[1]!,
    rule: {
      ...slackRules,
      idOf: (request) => payloadOf(request).trigger_id,
      posting: (request) => post(payloadOf(request).response_url),
    },
  },
  "slack event": {
    sender: slack.senders[2]!,
    rule: {
      ...slackRules,
      handshake({ body }) {
        const { type, challenge } = JSON.parse(body);
        return type === "url_verification" ? json({ challenge }) : undefined;
      },
      idOf: ({ body }) => JSON.parse(body).event_id,
      busy: { status: 503 },
    },
  },
  "discord interaction": {
    sender: discord.senders[0]!,
    rule: {
      ...rules,
      admits: admitsDiscord,
      handshake: ({ body }) => (JSON.parse(body).type === 1 ? json({ type: 1 }) : undefined),
      inline: (data) => json({ type: 4, data }),
      acknowledge: () => json({ type: 5 }),
      posting({ body }) {
        const { application_id, token } = JSON.parse(body);
        const url = `https://discord.com/api/v10/webhooks/${application_id}/${token}/messages/@original`;
        return { url, method: "PATCH" };
      },
    },
  },
  "discord event": {
    sender: discord.senders[1]!,
    rule: {
      ...rules,
      admits: admitsDiscord,
      handshake: ({ body }) => (JSON.parse(body).type === 0 ? { status: 204 } : undefined),
      idOf({ body }) {
        const { timestamp, data } = JSON.parse(body).event;
        return `${timestamp} ${data.user.id}`;
      },
      acknowledge: () => ({ status: 204 }),
      busy: { status: 503 },
    },
  },
  github: {
    sender: github.senders[0]!,
    rule: {
      ...rules,
      admits: admitsGithub,
      idOf: guidOf,
      handshake: (request) => (eventOf(request) === "ping" ? { status: 202 } : undefined),
    },
  },
  "github deployment": {
    sender: github.senders[1]!,
    rule: {
      ...rules,
      admits: admitsGithub,
      idOf: guidOf,
      posting: ({ body }) => ({
        ...post(JSON.parse(body).deployment_callback_url),
        headers: { authorization: "Bearer ghs_1" },
      }),
    },
  },
  "stripe authorization": {
    sender: stripe.senders[1]!,
    rule: {
      ...rules,
      answerWithinMs: 1_000,
      admits({ headers, body }, now) {
        const [, t, v1] = /^t=(\d+),v1=(\w+)$/.exec(String(headers["stripe-signature"])) ?? [];
        return isFresh(t, now) && v1 === hex("whsec_test_secret", `${t}.${body}`);
      },
      acknowledge: () => ({
        ...json({ approved: false }),
        headers: { "stripe-version": "2025-09-30.clover" },
      }),
    },
  },
  shopify: {
    sender: senders.shopify({ clientSecret: "hush" }).senders[0]!,
    rule: {
      ...rules,
      admits: ({ headers, body }) =>
        headers["x-shopify-hmac-sha256"] === createHmac("sha256", "hush").update(body).digest("base64"),
      idOf: ({ headers }) => String(headers["x-shopify-event-id"]),
      busy: { status: 503 },
    },
  },
  standardWebhooks: {
    sender: senders.standardWebhooks({ secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" }).senders[0]!,
    rule: {
      ...rules,
      admits({ headers, body }, now) {
        const { "webhook-id": id, "webhook-timestamp": at, "webhook-signature": signature } = headers;
        const key = Buffer.from("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "base64");
        const digest = createHmac("sha256", key)
          .update(`${String(id)}.${String(at)}.${body}`)
          .digest("base64");
        return isFresh(at, now) && signature === `v1,${digest}`;
      },
      idOf: ({ headers }) => String(headers["webhook-id"]),
      busy: { status: 503 },
    },
  },
  twilio: {
    sender: senders.twilio({ authToken: "12345", origin: "https://mycompany.com" }).senders[0]!,
    rule: {
      ...rules,
      admits({ url, headers, body }) {
        const fields = [...new URLSearchParams(body)].toSorted(([a], [b]) => (a < b ? -1 : 1)).flat();
        const text = [`https://mycompany.com${url.pathname}${url.search}`, ...fields].join("");
        return headers["x-twilio-signature"] === createHmac("sha1", "12345").update(text).digest("base64");
      },
      idOf: (request) => fieldOf(request, "MessageSid"),
      inline: (answer) => ({ status: 200, body: String(answer), headers: { "content-type": "text/xml" } }),
    },
  },
  meta: {
    sender: senders.meta({ appSecret: "an-app-secret", verifyToken: "meatyhamhock" }).senders[0]!,
    rule: {
      ...rules,
      admits: ({ method, headers, body }) =>
        method === "GET" || headers["x-hub-signature-256"] === `sha256=${hex("an-app-secret", body)}`,
      handshake({ method, url }) {
        if (method !== "GET") return undefined;
        const known = url.searchParams.get("hub.verify_token") === "meatyhamhock";
        return known ? { status: 200, body: url.searchParams.get("hub.challenge")! } : { status: 403 };
      },
      idOf: ({ body }) => JSON.parse(body).entry[0].changes[0].value.messages[0].id,
      busy: { status: 503 },
    },
  },
  telegram: {
    sender: senders.telegram({ secretToken: "a-secret_token" }).senders[0]!,
    rule: {
      ...rules,
      admits: ({ headers }) => headers["x-telegram-bot-api-secret-token"] === "a-secret_token",
      idOf: ({ body }) => String(JSON.parse(body).update_id),
      inline: json,
      busy: { status: 503 },
    },
  },
  sns: {
    sender: sns.senders[0]!,
    rule: {
      ...rules,
      admits({ body }) {
        const message = JSON.parse(body);
        const names = ["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"];
        const text = names.map((name) => `${name}\n${message[name]}\n`).join("");
        return createVerify("RSA-SHA1").update(text).verify(sns.certificate, message.Signature, "base64");
      },
      idOf: ({ body }) => JSON.parse(body).MessageId,
      busy: { status: 503 },
    },
  },
};

function admitsGithub({ headers, body }: Request): boolean {
  return headers["x-hub-signature-256"] === `sha256=${hex("a-webhook-secret", body)}`;
}
