/** Recipes of providers without code of their own for Node, and recipes whose parts do not fit together. */
import { createHmac } from "node:crypto";
import { inspect } from "node:util";
import { ed25519Signature, hmacSignature } from "@answerback/core";
import type { HmacSignatureOptions } from "@answerback/core/provider";
import { describe, expect, it } from "vitest";
import { discord } from "./kits.ts";
import { bodies, letsIn, now, refusesUnread } from "./support.ts";

const secret = "a-secret-of-the-app";
const body = bodies["JSON"]!;
const text = body.toString();
const ms = String(now);
const s = String(Math.floor(now / 1_000));
const url = "https://app.example/hooks?a=%20b";

/** @param message As the provider's page puts it together. */
const sign = (message: string, { hash = "sha256", key = secret as string | Buffer } = {}) =>
  createHmac(hash, key).update(message);

const key = Buffer.from("00ff10a09b8c7d6e5f4a3b2c1d0e9f8a", "hex");

const recipes: readonly (readonly [string, Omit<HmacSignatureOptions, "secret">, Record<string, string>])[] =
  [
    [
      "Meta",
      { header: "X-Hub-Signature-256", prefix: "sha256=" },
      { "x-hub-signature-256": `sha256=${sign(text).digest("hex")}` },
    ],
    [
      "HubSpot v3",
      {
        header: "X-HubSpot-Signature-v3",
        encoding: "base64",
        signed: "{method}{url}{body}{timestamp}",
        timestamp: { header: "X-HubSpot-Request-Timestamp", unit: "ms" },
      },
      {
        "x-hubspot-signature-v3": sign(`POST${url}${text}${ms}`).digest("base64"),
        "x-hubspot-request-timestamp": ms,
      },
    ],
    [
      "Zoom",
      {
        header: "x-zm-signature",
        prefix: "v0=",
        signed: "v0:{timestamp}:{body}",
        timestamp: { header: "x-zm-request-timestamp" },
      },
      {
        "x-zm-signature": `v0=${sign(`v0:${s}:${text}`).digest("hex")}`,
        "x-zm-request-timestamp": s,
      },
    ],
    ["Linear", { header: "Linear-Signature" }, { "linear-signature": sign(text).digest("hex") }],
    [
      "LinkedIn",
      { header: "X-LI-Signature", prefix: "hmacsha256=", signed: "hmacsha256={body}" },
      { "x-li-signature": `hmacsha256=${sign(`hmacsha256=${text}`).digest("hex")}` },
    ],
    [
      "Paddle",
      {
        header: "Paddle-Signature",
        separator: ";",
        prefix: "h1=",
        signed: "{timestamp}:{body}",
        timestamp: { prefix: "ts=", tolerance: "5s" },
      },
      { "paddle-signature": `ts=${s};h1=${sign(`${s}:${text}`).digest("hex")}` },
    ],
    [
      "Twitch",
      {
        header: "Twitch-Eventsub-Message-Signature",
        prefix: "sha256=",
        signed: "{header:Twitch-Eventsub-Message-Id}{header:Twitch-Eventsub-Message-Timestamp}{body}",
      },
      {
        "twitch-eventsub-message-signature": `sha256=${sign(`id-12026-01-01T00:00:00Z${text}`).digest("hex")}`,
        "twitch-eventsub-message-id": "id-1",
        "twitch-eventsub-message-timestamp": "2026-01-01T00:00:00Z",
      },
    ],
    [
      "Paystack",
      { header: "x-paystack-signature", algorithm: "sha512" },
      { "x-paystack-signature": sign(text, { hash: "sha512" }).digest("hex") },
    ],
  ];

describe.each(recipes)("%s", (_, recipe, headers) => {
  const authenticator = hmacSignature({ ...recipe, secret: ["another", secret] });

  it("any.30 what its page says is let in, and another body is not", async () => {
    expect(await letsIn(authenticator, headers, body, { url })).toBe(true);
    expect(await letsIn(authenticator, headers, Buffer.from("{}"), { url })).toBe(false);
  });

  it("any.30 without any one of its headers it is refused unread, and with one twice", async () => {
    for (const name of Object.keys(headers)) {
      for (const values of [[], [""], [headers[name]!, headers[name]!], ["", headers[name]!]])
        expect([name, await refusesUnread(authenticator, { ...headers, [name]: values })]).toEqual([
          name,
          true,
        ]);
    }
  });
});

describe("hmacSignature", () => {
  const header = "x-signature";

  it.each([
    ["base64", key.toString("base64")],
    ["hex", key.toString("hex")],
    ["hex", key.toString("hex").toUpperCase()],
  ] as const)("any.30 takes a key that is written in %s", async (secretEncoding, written) => {
    const authenticator = hmacSignature({ header, secret: written, secretEncoding });
    const headers = { [header]: sign(text, { key }).digest("hex") };
    expect(await letsIn(authenticator, headers, body)).toBe(true);
    expect(await letsIn(hmacSignature({ header, secret: written }), headers, body)).toBe(false);
  });

  it("any.30 signs bytes of a header as they travelled", async () => {
    const authenticator = hmacSignature({ header, signed: "{header:x-name}{body}", secret });
    const headers = { [header]: sign(`åäö${text}`).digest("hex") };
    const onTheWire = Buffer.from("åäö").toString("latin1");
    expect(await letsIn(authenticator, { ...headers, "x-name": onTheWire }, body)).toBe(true);
    expect(await letsIn(authenticator, { ...headers, "x-name": "åäö" }, body)).toBe(false);
  });

  it("any.29 needs the address where it is signed, and refuses where there is none", async () => {
    const authenticator = hmacSignature({ header, signed: "{url}{body}", secret });
    expect(authenticator.needsUrl).toBe(true);
    expect(hmacSignature({ header, secret }).needsUrl).toBe(false);
    expect(await refusesUnread(authenticator, { [header]: "0".repeat(64) })).toBe(true);
  });

  it("any.30 takes bytes from a function, and a text as UTF-8", async () => {
    const headers = { [header]: sign(`å${text}`).digest("hex") };
    for (const signed of [
      (bytes: Uint8Array) => Buffer.concat([Buffer.from("å"), bytes]),
      (bytes: Uint8Array) => `å${Buffer.from(bytes).toString()}`,
    ])
      expect(await letsIn(hmacSignature({ header, signed, secret }), headers, body)).toBe(true);
  });

  it.each([null, 7, ["a"], true])(
    "any.30 a function that gives %j is a mistake that is told",
    async (wrong) => {
      const authenticator = hmacSignature({ header, signed: () => wrong as any, secret });
      const asked = letsIn(authenticator, { [header]: "0".repeat(64) }, body);
      await expect(asked).rejects.toThrow(/^hmacSignature: signed: .*; give a text or bytes, or undefined/);
    },
  );

  it("is registered with its first secret, and printing it prints none", () => {
    const authenticator = hmacSignature({ header, secret: [secret, "another-secret"] });
    expect(authenticator.registers?.()).toEqual({ in: "signature", secret });
    expect(
      inspect(authenticator, { depth: null, showHidden: true }) + JSON.stringify(authenticator),
    ).not.toMatch(/a-secret|another/);
    expect(discord.ours(discord.secrets).registers?.()).toEqual({ in: "signature", secret: undefined });
  });
});

describe("ed25519Signature", () => {
  it("any.30 takes a key as hexadecimal digits in any case, or as base64", async () => {
    const [hex] = discord.secrets;
    const headers = { "x-signature": discord.page(body, now, hex)["x-signature-ed25519"]! };
    for (const publicKey of [hex, hex.toUpperCase(), Buffer.from(hex, "hex").toString("base64")]) {
      const authenticator = ed25519Signature({ header: "x-signature", signed: `${s}{body}`, publicKey });
      expect(await letsIn(authenticator, headers, body)).toBe(true);
    }
  });
});
