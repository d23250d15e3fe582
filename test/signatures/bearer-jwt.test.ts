/** Tokens with keys that are given: what is let in, and what is not. */
import { bearerJwt } from "@answerback/core";
import type { BearerJwtOptions } from "@answerback/core/provider";
import * as fc from "fast-check";
import { createHmac, createSign, generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { two } from "../life-cycle/support.ts";
import { sample } from "../support/deliveries.ts";
import { openHouse } from "../support/house.ts";
import { arrival, claims, encoded, seconds, signed, signedWith, signingKey, verdictOf } from "./tokens.ts";

const key = signingKey("RS256", "one");
const other = signingKey("RS256", "two");
const ofKeys = (options: Partial<BearerJwtOptions> = {}) =>
  bearerJwt({ jwks: { keys: [key.jwk] }, audience: "our-app", ...options });
const secret = "0b6f4a3c9d1e4f7fa2c58e7d6b901234";
const ofSecret = (options: Partial<BearerJwtOptions> = {}) =>
  bearerJwt({ secret, audience: "our-app", ...options });

describe("any.32 a good token", () => {
  it.each(["RS256", "ES256", "EdDSA"] as const)("with %s is let in", async (alg) => {
    const one = signingKey(alg, "kid");
    const authenticator = ofKeys({ jwks: { keys: [other.jwk, one.jwk] } });
    expect(await verdictOf(authenticator, await signed(one))).toBe(true);
  });

  it("may name no key, and then any of them may have signed it", async () => {
    const nameless = await signed(key, {}, { kid: undefined });
    expect(await verdictOf(ofKeys({ jwks: { keys: [other.jwk, key.jwk] } }), nameless)).toBe(true);
    expect(await verdictOf(ofKeys({ jwks: { keys: [other.jwk] } }), nameless)).toBe(false);
  });

  it("with a secret is let in, with either of two while it rotates", async () => {
    const token = signedWith(secret);
    expect(await verdictOf(ofSecret(), token)).toBe(true);
    expect(await verdictOf(ofSecret({ secret: ["another-secret-of-ours-4711", secret] }), token)).toBe(true);
    expect(await verdictOf(ofSecret({ secret: "another-secret-of-ours-4711" }), token)).toBe(false);
    const longer = signedWith(secret, {}, "HS512");
    expect(await verdictOf(ofSecret(), longer)).toBe(false);
    expect(await verdictOf(ofSecret({ algorithms: ["HS512"] }), longer)).toBe(true);
  });

  it.each(["bearer", "BEARER", "Bearer  "])(
    "stands behind the scheme in any case, and spaces: %j",
    async (scheme) => {
      const header = { authorization: [`${scheme} ${await signed(key)}`] };
      expect(await verdictOf(ofKeys(), header)).toBe(true);
    },
  );

  it("stands in another header alone, and so in Authorization where that is named", async () => {
    const token = await signed(key);
    for (const header of ["X-Token", "Authorization"]) {
      const authenticator = ofKeys({ header });
      const name = header.toLowerCase();
      expect(await verdictOf(authenticator, { [name]: [token] })).toBe(true);
      expect(await verdictOf(authenticator, { [name]: [`Bearer ${token}`] })).toBe(false);
      expect(await verdictOf(authenticator, { [name]: [token, token] })).toBe(false);
    }
    expect(await verdictOf(ofKeys({ header: "X-Token" }), token)).toBe(false);
  });

  it("may be long", async () => {
    expect(await verdictOf(ofKeys(), await signed(key, { note: "x".repeat(8_000) }))).toBe(true);
  });

  it("gives the identity that its claim names", async () => {
    const authenticator = ofKeys({ identity: "sub" });
    expect(await verdictOf(authenticator, await signed(key, { sub: "tenant-1" }))).toBe("tenant-1");
    for (const sub of [undefined, 7, ["a"], null])
      expect(await verdictOf(authenticator, await signed(key, { sub }))).toBe(false);
    expect(await verdictOf(ofKeys({ identity: "toString" }), await signed(key))).toBe(false);
  });
});

describe("any.32 a token is judged by its claims when it arrived", () => {
  it.each<[string, object, boolean]>([
    ["expired within the tolerance", { exp: seconds(-59) }, true],
    ["expired before it", { exp: seconds(-60) }, false],
    ["without an end", { exp: undefined }, false],
    ["with an end that is a text", { exp: String(seconds(60)) }, false],
    ["begins within the tolerance", { nbf: seconds(60) }, true],
    ["begins after it", { nbf: seconds(61) }, false],
    ["issued within the tolerance", { iat: seconds(60) }, true],
    ["issued after it", { iat: seconds(61) }, false],
    ["issued at no time that is a number", { iat: "now" }, false],
    ["without a time of issue", { iat: undefined }, true],
    ["for somebody else", { aud: "their-app" }, false],
    ["for another case", { aud: "Our-App" }, false],
    ["for a part of us", { aud: "our" }, false],
    ["for nobody", { aud: undefined }, false],
    ["for us among others", { aud: ["their-app", "our-app"] }, true],
    ["for what is no text", { aud: { "our-app": true } }, false],
    ["of another issuer", { iss: "https://issuer.example.com" }, false],
    ["of no issuer", { iss: undefined }, false],
    ["of a list of issuers", { iss: [claims.iss] }, false],
  ])("%s: %j is %s", async (_, changed, verdict) => {
    const authenticator = ofKeys({ issuer: claims.iss });
    expect(await verdictOf(authenticator, await signed(key, changed))).toBe(verdict);
  });

  it("with a tolerance of one's own, and one of several audiences and issuers", async () => {
    const strict = ofKeys({ tolerance: 0, audience: ["a", "our-app"], issuer: ["b", claims.iss] });
    expect(await verdictOf(strict, await signed(key))).toBe(true);
    expect(await verdictOf(strict, await signed(key, { exp: seconds(0) }))).toBe(false);
    expect(await verdictOf(strict, await signed(key, { iat: seconds(1) }))).toBe(false);
  });

  it("and never by the clock", async () => {
    const token = await signed(key);
    expect(await verdictOf(ofKeys(), token, arrival + 119_000)).toBe(true);
    expect(await verdictOf(ofKeys(), token, arrival + 120_000)).toBe(false);
  });
});

describe("any.32 a token that nobody signed is refused", () => {
  const [head, body, signature] = signedWith(secret).split(".") as [string, string, string];
  const spki = key.publicKey.export({ format: "pem", type: "spki" });

  it("by a key of another name, or another key of that name", async () => {
    expect(await verdictOf(ofKeys(), await signed(other))).toBe(false);
    expect(await verdictOf(ofKeys(), await signed(other, {}, { kid: "one" }))).toBe(false);
    expect(await verdictOf(ofKeys(), await signed(key, {}, { kid: "two" }))).toBe(false);
  });

  it("by an algorithm that is not let in, or does not fit the key", async () => {
    expect(await verdictOf(ofKeys({ algorithms: ["ES256"] }), await signed(key))).toBe(false);
    const curve = signingKey("ES256", "one");
    expect(await verdictOf(ofKeys(), await signed(curve))).toBe(false);
    const pss = await signed({ ...key, alg: "PS256" });
    expect(await verdictOf(ofKeys({ algorithms: ["PS256", "RS256"] }), pss)).toBe(false);
  });

  it.each<[string, string | Buffer]>([
    ["PEM", spki],
    ["PEM without its last line break", spki.toString().trim()],
    ["DER", key.publicKey.export({ format: "der", type: "spki" })],
    ["the modulus", Buffer.from(String(key.jwk["n"]), "base64url")],
    ["JSON", JSON.stringify(key.jwk)],
    ["nothing", ""],
  ])("by HMAC with the public key for its secret, as %s", async (_, material) => {
    for (const alg of ["HS256", "HS384", "HS512"])
      expect(await verdictOf(ofKeys(), signedWith(material, {}, alg))).toBe(false);
  });

  it.each(["none", "None", "NONE", "nOnE", "", "RS256", "hs256"])("by nobody, as %j", async (alg) => {
    for (const end of ["", "AA", signature])
      for (const authenticator of [ofKeys(), ofSecret()])
        expect(await verdictOf(authenticator, `${encoded({ alg })}.${body}.${end}`)).toBe(false);
  });

  it("with a key, or the address of one, of its own", async () => {
    const heads = [
      { jwk: other.jwk },
      { jku: "https://evil.example/jwks" },
      { x5u: "https://evil.example/" },
    ];
    for (const extra of heads)
      expect(await verdictOf(ofKeys(), await signed(other, {}, { ...extra, kid: undefined }))).toBe(false);
  });

  it("with what is critical in it, and unknown", async () => {
    const payload = `${encoded({ alg: "HS256", crit: ["x"], x: 1 })}.${body}`;
    expect(await verdictOf(ofSecret(), `${payload}.${signature}`)).toBe(false);
  });

  it.each([
    ...["", ".", "..", "...", "a.b.c", `${head}.${body}`, `${head}.${body}.`, `.${body}.${signature}`],
    ...[
      `${head}..${signature}`,
      `${head}.${body}.${signature}.${signature}`,
      `${head}.${body}.${signature}=`,
    ],
    ...[`${head} .${body}.${signature}`, `${head}.${body}.${signature}\0`, `"${head}.${body}.${signature}"`],
    ...["x".repeat(8_192), `${"x".repeat(8_192)}.x.x`, `${encoded([])}.${body}.${signature}`],
    ...[`${encoded({ alg: ["HS256"] })}.${body}.${signature}`, `${encoded({})}.${body}.${signature}`],
    `${encoded({ alg: "HS256", kid: { a: 1 } })}.${body}.${signature}`,
  ])("as %j", async (token) => {
    expect(await verdictOf(ofSecret(), token)).toBe(false);
  });

  it.each<[string, readonly string[]]>([
    ["no header", []],
    ["two", [`Bearer ${signedWith(secret)}`, `Bearer ${signedWith(secret)}`]],
    ["another scheme", [`Basic ${signedWith(secret)}`]],
    ["a tab for the space", [`Bearer\t${signedWith(secret)}`]],
    ["no space", [`Bearer${signedWith(secret)}`]],
    ["two tokens", [`Bearer ${signedWith(secret)}, ${signedWith(secret)}`]],
  ])("in %s", async (_, values) => {
    expect(await verdictOf(ofSecret(), { authorization: values })).toBe(false);
  });

  it("with one character changed, wherever", async () => {
    const token = signedWith(secret);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(token.length - 1),
        fc.constantFrom("A", "z", "0", "_", "."),
        async (at, letter) => {
          const changed = token.slice(0, at) + letter + token.slice(at + 1);
          // the last letter of the digest has bits that mean nothing
          fc.pre(at < token.length - 1 && changed !== token);
          expect(await verdictOf(ofSecret(), changed)).toBe(false);
        },
      ),
    );
  });

  it("with claims that are no object, though their signature is right", async () => {
    for (const text of ["null", "[]", '"x"', "1", "{", "\xff"]) {
      const signing = `${encoded({ alg: "HS256" })}.${Buffer.from(text, "latin1").toString("base64url")}`;
      const digest = createHmac("sha256", secret).update(signing).digest("base64url");
      expect(await verdictOf(ofSecret(), `${signing}.${digest}`)).toBe(false);
    }
  });

  it("where the key is too short to trust", async () => {
    const pair = generateKeyPairSync("rsa", { modulusLength: 1_024 });
    const jwk = { ...pair.publicKey.export({ format: "jwk" }), kid: "short" };
    const signing = `${encoded({ alg: "RS256", kid: "short" })}.${encoded(claims)}`;
    const token = `${signing}.${createSign("sha256").update(signing).sign(pair.privateKey, "base64url")}`;
    expect(await verdictOf(ofKeys({ jwks: { keys: [jwk] } }), token)).toBe(false);
  });
});

describe.each(two)("$name", (framework) => {
  const ticket = { ...sample("uphance/pick-ticket-update"), path: "/hooks/uphance" };
  const far = { exp: 4_000_000_000 };
  const deliver = async (authenticate: unknown, headers: Record<string, string>) => {
    const house = await openHouse(framework, "uphance", { options: { authenticate } });
    const answer = await house.deliver({ ...ticket, headers: { ...ticket.headers, ...headers } });
    return { answer, house };
  };

  it("any.32 a good token lets the delivery in, whoever signed it scopes its key", async () => {
    const authorization = `Bearer ${await signed(key, { ...far, sub: "tenant-1" })}`;
    const { answer, house } = await deliver(ofKeys({ identity: "sub" }), { authorization });
    expect([answer.status, house.events.length]).toEqual([200, 1]);
    const second = `Bearer ${await signed(key, { ...far, sub: "tenant-2" })}`;
    await house.deliver({ ...ticket, headers: { ...ticket.headers, authorization: second } });
    await house.deliver({ ...ticket, headers: { ...ticket.headers, authorization: second } });
    expect(house.events).toHaveLength(2);
  });

  it.each<[string, () => Promise<string> | string]>([
    ["none", () => ""],
    ["one that has ended", () => signed(key)],
    ["one by nobody", () => `${encoded({ alg: "none" })}.${encoded({ ...claims, ...far })}.`],
    ["garbage of 8 kB", () => "x".repeat(8_192)],
  ])("any.32 with %s it is a 401 with a challenge, and the token is said nowhere", async (_, make) => {
    const token = await make();
    const { answer, house } = await deliver(
      ofKeys(),
      token === "" ? {} : { authorization: `Bearer ${token}` },
    );
    expect([answer.status, answer.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
    expect([house.events, house.told[0]?.facts]).toMatchObject([[], { stage: "authenticate", status: 401 }]);
    expect(JSON.stringify([house.told, house.observed, answer.text])).not.toContain(token || "eyJ");
  });
});
