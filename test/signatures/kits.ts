/** Providers that sign, each three times: our recipe, what its page says by hand, and its own code. */
import { createHmac, generateKeyPairSync, sign as signBytes } from "node:crypto";
import { ed25519Signature, hmacSignature, standardWebhooks } from "@answerback/core";
import type { Authenticator, Secret } from "@answerback/core/provider";
import { sign as signForGithub, verify as verifyFromGithub } from "@octokit/webhooks-methods";
import "@shopify/shopify-api/adapters/node";
import { LogSeverity, shopifyApi } from "@shopify/shopify-api";
import { verifySlackRequest } from "@slack/bolt";
import { verifyKey } from "discord-interactions";
import { Webhook } from "standardwebhooks";
import Stripe from "stripe";

/** Headers by name in lower case. */
export type Headers = Readonly<Record<string, string>>;

/** A provider that signs. Times are ms since the epoch. */
export interface Kit {
  readonly name: string;
  /** Two of its secrets: what is signed with, and another. */
  readonly secrets: readonly [string, string];
  /** The header that has the signature. */
  readonly header: string;
  /** The header that has the timestamp, if it signs one. */
  readonly stamped?: string;
  /** Our recipe. */
  ours(secret: Secret): Authenticator;
  /** Signed as its page says, with node:crypto alone. */
  page(body: Buffer, at: number, secret: string): Headers;
  /** Signed by its own code, where that signs. */
  theirs?(body: string, at: number, secret: string): Headers | Promise<Headers>;
  /** Does its own code let this in? */
  accepts(headers: Headers, body: Buffer, secret: string): boolean | Promise<boolean>;
  /** Bodies that its own code cannot take, and its page does not exclude. */
  readonly cannotTake: readonly string[];
  /** Does its own code judge a timestamp, and one in the future as well? */
  readonly judges: "nothing" | "the past" | "both";
}

/** A delivery's id, for Standard Webhooks. */
const id = "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W";
const seconds = (at: number) => Math.floor(at / 1_000);
const hmac = (key: string | Buffer, ...message: readonly (string | Buffer)[]) =>
  message.reduce((one, part) => one.update(part), createHmac("sha256", key));

const github: Kit = {
  name: "GitHub",
  secrets: ["a-secret-of-the-app", "an-older-secret"],
  header: "x-hub-signature-256",
  ours: (secret) => hmacSignature({ header: "X-Hub-Signature-256", prefix: "sha256=", secret }),
  page: (body, _at, secret) => ({ "x-hub-signature-256": `sha256=${hmac(secret, body).digest("hex")}` }),
  theirs: async (body, _at, secret) => ({ "x-hub-signature-256": await signForGithub(secret, body) }),
  accepts: (headers, body, secret) =>
    verifyFromGithub(secret, body.toString(), headers["x-hub-signature-256"] ?? ""),
  cannotTake: ["empty", "binary"],
  judges: "nothing",
};

const stripe: Kit = {
  name: "Stripe",
  secrets: ["whsec_a_secret_of_the_app", "whsec_an_older_secret"],
  header: "stripe-signature",
  stamped: "stripe-signature",
  ours: (secret) =>
    hmacSignature({
      header: "Stripe-Signature",
      separator: ",",
      prefix: "v1=",
      signed: "{timestamp}.{body}",
      timestamp: { prefix: "t=", tolerance: "5m" },
      secret,
    }),
  page(body, at, secret) {
    const t = seconds(at);
    return { "stripe-signature": `t=${t},v1=${hmac(secret, `${t}.`, body).digest("hex")}` };
  },
  theirs: (payload, at, secret) => ({
    "stripe-signature": Stripe.webhooks.generateTestHeaderString({
      payload,
      secret,
      timestamp: seconds(at),
    }),
  }),
  accepts: (headers, body, secret) =>
    passes(() => Stripe.webhooks.signature!.verifyHeader(body, headers["stripe-signature"] ?? "", secret)),
  cannotTake: ["binary", "with a BOM"],
  judges: "the past",
};

const slack: Kit = {
  name: "Slack",
  secrets: ["8f742231b10e8888abcd99yyyzzz85a5", "an-older-signing-secret"],
  header: "x-slack-signature",
  stamped: "x-slack-request-timestamp",
  ours: (secret) =>
    hmacSignature({
      header: "X-Slack-Signature",
      prefix: "v0=",
      signed: "v0:{timestamp}:{body}",
      timestamp: { header: "X-Slack-Request-Timestamp", tolerance: "5m" },
      secret,
    }),
  page(body, at, secret) {
    const t = String(seconds(at));
    return {
      "x-slack-signature": `v0=${hmac(secret, `v0:${t}:`, body).digest("hex")}`,
      "x-slack-request-timestamp": t,
    };
  },
  accepts: (headers, body, signingSecret) =>
    passes(() => {
      const given = headers as unknown as Parameters<typeof verifySlackRequest>[0]["headers"];
      verifySlackRequest({ signingSecret, body: body.toString(), headers: given });
    }),
  cannotTake: ["binary"],
  judges: "the past",
};

const shopify: Kit = {
  name: "Shopify",
  secrets: ["a-secret-of-the-app", "an-older-secret"],
  header: "x-shopify-hmac-sha256",
  ours: (secret) => hmacSignature({ header: "X-Shopify-Hmac-SHA256", encoding: "base64", secret }),
  page: (body, _at, secret) => ({ "x-shopify-hmac-sha256": hmac(secret, body).digest("base64") }),
  async accepts(headers, body, secret) {
    const shop = shopifyApi({
      apiKey: "a-key",
      apiSecretKey: secret,
      apiVersion: "2026-07" as never,
      hostName: "app.example",
      isEmbeddedApp: false,
      logger: { level: LogSeverity.Error, log: () => {} },
    });
    const others = { topic: "orders/create", "shop-domain": "a.myshopify.com", "api-version": "2026-07" };
    const rawRequest = {
      method: "POST",
      url: "/",
      headers: {
        ...Object.fromEntries(Object.entries(others).map(([name, value]) => [`x-shopify-${name}`, value])),
        "x-shopify-webhook-id": "1",
        ...headers,
      },
    };
    const { valid } = await shop.webhooks.validate({ rawBody: body.toString(), rawRequest });
    return valid;
  },
  cannotTake: ["empty", "binary"],
  judges: "nothing",
};

const pairs = [generateKeyPairSync("ed25519"), generateKeyPairSync("ed25519")] as const;
const rawKey = (pair: (typeof pairs)[number], encoding: "hex" | "base64") =>
  Buffer.from(pair.publicKey.export({ format: "jwk" }).x!, "base64url").toString(encoding);
const keyOf = (publicKey: string, encoding: "hex" | "base64") =>
  pairs.find((pair) => rawKey(pair, encoding) === publicKey)!.privateKey;

const discord: Kit = {
  name: "Discord",
  secrets: [rawKey(pairs[0], "hex"), rawKey(pairs[1], "hex")],
  header: "x-signature-ed25519",
  stamped: "x-signature-timestamp",
  ours: (publicKey) =>
    ed25519Signature({
      header: "X-Signature-Ed25519",
      signed: "{timestamp}{body}",
      timestamp: { header: "X-Signature-Timestamp", tolerance: "5m" },
      publicKey,
    }),
  page(body, at, publicKey) {
    const t = String(seconds(at));
    const message = Buffer.concat([Buffer.from(t), body]);
    return {
      "x-signature-ed25519": signBytes(null, message, keyOf(publicKey, "hex")).toString("hex"),
      "x-signature-timestamp": t,
    };
  },
  accepts: (headers, body, publicKey) =>
    verifyKey(body, headers["x-signature-ed25519"] ?? "", headers["x-signature-timestamp"] ?? "", publicKey),
  cannotTake: [],
  judges: "nothing",
};

/** @param key As the page shows it. */
const keyIn = (key: string) => Buffer.from(key.replace("whsec_", ""), "base64");

const standard: Kit = {
  name: "Standard Webhooks",
  secrets: ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"],
  header: "webhook-signature",
  stamped: "webhook-timestamp",
  ours: standardWebhooks,
  page(body, at, secret) {
    const t = String(seconds(at));
    const signature = hmac(keyIn(secret), `${id}.${t}.`, body).digest("base64");
    return { "webhook-id": id, "webhook-timestamp": t, "webhook-signature": `v1,${signature}` };
  },
  theirs: (body, at, secret) => ({
    "webhook-id": id,
    "webhook-timestamp": String(seconds(at)),
    "webhook-signature": new Webhook(secret).sign(id, new Date(at), body),
  }),
  accepts: (headers, body, secret) =>
    passes(() => void new Webhook(secret).verify(body, { ...headers }, { jsonParse: false })),
  cannotTake: ["binary"],
  judges: "both",
};

/** With the key that the provider keeps, which the JavaScript library does not know. */
export const asymmetric = {
  keys: [`whpk_${rawKey(pairs[0], "base64")}`, `whpk_${rawKey(pairs[1], "base64")}`] as const,
  page(body: Buffer, at: number, publicKey: string): Headers {
    const t = String(seconds(at));
    const message = Buffer.concat([Buffer.from(`${id}.${t}.`), body]);
    const key = keyOf(publicKey.replace("whpk_", ""), "base64");
    const signature = signBytes(null, message, key).toString("base64");
    return { "webhook-id": id, "webhook-timestamp": t, "webhook-signature": `v1a,${signature}` };
  },
};

/** The table. */
export const kits: readonly Kit[] = [github, stripe, slack, shopify, discord, standard];

export { github, stripe, slack, shopify, discord, standard };

/** What the code says by not throwing. */
function passes(verify: () => unknown): boolean {
  try {
    verify();
    return true;
  } catch {
    return false;
  }
}
