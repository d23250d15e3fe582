/** Secrets in the URL, in a header, in the body. */
import { inspect } from "node:util";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Authenticator, OpenDelivery, Secret } from "../../packages/core/src/contract/authenticator.ts";
import { createComparison } from "../../packages/core/src/authenticators/secrets.ts";
import { bodySecret, headerSecret } from "../../packages/core/src/authenticators/plain-secret.ts";
import { querySecret, urlSecret } from "../../packages/core/src/authenticators/url-secret.ts";
import { openDelivery } from "./deliveries.ts";

const secret = "0b6f4a3c9d1e4f7f.a2c58e7d6b901234";
const inPath = (path: string) => urlSecret(secret).verify(openDelivery({ path }));
const inQuery = (query: string) => querySecret("secret", secret).verify(openDelivery({ query }));
const inHeader = (...values: string[]) =>
  headerSecret("X-Api-Key", secret).verify(openDelivery({ headers: { "x-api-key": values } }));
const inBody = (json: unknown) => bodySecret("authenticationKey", secret).verify(openDelivery({ json }));

const all: readonly [
  string,
  (secret: Secret) => Authenticator,
  (secret: string) => Partial<OpenDelivery> & { json?: unknown },
][] = [
  ["urlSecret", urlSecret, (given) => ({ path: `/${given}/orderinsert/1` })],
  ["querySecret", (given) => querySecret("secret", given), (given) => ({ query: `a=1&secret=${given}` })],
  [
    "headerSecret",
    (given) => headerSecret("x-api-key", given),
    (given) => ({ headers: { "x-api-key": [given] } }),
  ],
  [
    "bodySecret",
    (given) => bodySecret("authenticationKey", given),
    (given) => ({ json: { authenticationKey: given } }),
  ],
];

describe.each(all)("%s", (name, create, carrying) => {
  test("any.13 lets in who has it, either of two while they rotate, and nobody else", async () => {
    const authenticator = create([secret, "another-secret-of-ours"]);
    for (const given of [secret, "another-secret-of-ours"]) {
      expect(await authenticator.verify(openDelivery(carrying(given)))).toBe(true);
    }
    for (const given of [secret.slice(1), `${secret}x`, secret.toUpperCase(), "", "x".repeat(10_000)]) {
      expect(await authenticator.verify(openDelivery(carrying(given)))).toBe(false);
    }
  });

  test.each([undefined, "", [], [secret, undefined], ["", secret]])(
    "a missing one is a TypeError that names it and the cure: %j",
    (missing) => {
      expect(() => create(missing)).toThrow(TypeError);
      expect(() => create(missing)).toThrow(
        new RegExp(
          `^${name}: secret: (give at least one|it is (missing|empty); is the environment variable set)`,
        ),
      );
    },
  );

  test("printing it prints no secret, and registering it knows the first", () => {
    const authenticator = create([secret, "another-secret-of-ours"]);
    expect(
      inspect(authenticator, { depth: null, showHidden: true }) + JSON.stringify(authenticator),
    ).not.toMatch(/0b6f|another/);
    expect(authenticator.registers?.()).toMatchObject({ secret });
  });
});

describe("any.13 a comparison", () => {
  const long = "x".repeat(255);
  const texts = [
    "",
    "a",
    "a\0",
    "\0a",
    "a\0\0",
    "ä",
    "\u{1F600}",
    long,
    `${long}x`,
    `${long}\0`,
    `${long}xx`,
    `${long}${long}a`,
    `${long}${long}b`,
  ];

  test.each([texts, texts.slice(0, 7), ["a"], [`${long}x`]])(
    "finds what was given, as text and as bytes",
    (...expected) => {
      const compare = createComparison(expected);
      for (const text of [...texts, "b", `${long}ä`, "x".repeat(100_000)]) {
        expect(compare(text)).toBe(expected.indexOf(text));
        expect(compare(new TextEncoder().encode(text))).toBe(expected.indexOf(text));
      }
    },
  );

  test("nothing of what was given is left for the next", () => {
    const compare = createComparison(["short"]);
    expect([compare("short and more"), compare("short"), compare(""), compare("short")]).toEqual([
      -1, 0, -1, 0,
    ]);
  });

  test("whatever is given, only equal texts are equal", () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1 }), fc.string(), (expected, other) => {
        const compare = createComparison(expected);
        for (const given of [...expected, other]) expect(compare(given)).toBe(expected.lastIndexOf(given));
      }),
    );
  });
});

describe("any.14 a secret in the URL", () => {
  test("is the first path segment, with the provider's own path behind it or without", () => {
    for (const path of [`/${secret}`, `/${secret}/`, `/${secret}/status`, `/${secret}/without/meaning`])
      expect(inPath(path)).toBe(true);
  });

  test.each([
    `/${secret.replace(".", "%2E")}`,
    `//${secret}`,
    `/${secret}%20`,
    `/x/${secret}`,
    "/",
    "",
    secret.slice(1),
  ])("%s is refused", (path) => {
    expect(inPath(path)).toBe(false);
  });

  test("is a query field, once", () => {
    expect(inQuery(`secret=${secret}`)).toBe(true);
    expect(inQuery(`a=%zz&secret=${secret}&b`)).toBe(true);
  });

  test.each([
    "",
    "secret",
    `Secret=${secret}`,
    `secret=${secret}&secret=${secret}`,
    `secret=${secret}&secret`,
    `secret=${secret}&s%65cret=x`,
    `s%65cret=${secret}`,
    `secret=${secret.replace(".", "%2E")}`,
    `xsecret=${secret}`,
  ])("%s is refused", (query) => {
    expect(inQuery(query)).toBe(false);
  });

  test("is refused as if nothing were here", () => {
    expect([urlSecret(secret).refusal, querySecret("s", secret).refusal]).toEqual([
      { hidden: true },
      { hidden: true },
    ]);
  });

  test("warns when it is under 16 characters, without showing it", () => {
    for (const warned of [urlSecret("fifteen-chars-x"), querySecret("s", [secret, "fifteen-chars-x"])]) {
      expect(warned.warnings).toEqual([
        { code: "short_secret", message: expect.not.stringContaining("fifteen") },
      ]);
    }
    expect(urlSecret("sixteen-chars-xx").warnings).toEqual([]);
  });

  test.each([
    "a secret with spaces",
    "slash/slash/slash/slash",
    "percent%20percent%20",
    "..",
    "ünïcödeünïcödeünïcöde",
  ])("%j could be written in two ways: a TypeError", (given) => {
    expect(() => urlSecret(given)).toThrow(TypeError);
    expect(() => querySecret("secret", given)).toThrow(TypeError);
  });

  test("whatever the URL is, nothing but the secret is let in and nothing is thrown", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(inPath(`/${text}`) || inQuery(text) || inQuery(`secret=${text}`)).toBe(
          text.split("/")[0] === secret,
        );
      }),
    );
  });
});

describe("a secret in a header", () => {
  test("any.13 is there once", () => {
    expect(inHeader(secret)).toBe(true);
    expect(inHeader(secret, secret)).toBe(false);
    expect(inHeader(`${secret}, ${secret}`)).toBe(false);
    expect(inHeader()).toBe(false);
  });

  test("any.13 may be UTF-8, which Node hands over as Latin-1", () => {
    const authenticator = headerSecret("x", "nyckel-åäö");
    const wire = Buffer.from("nyckel-åäö").toString("latin1");
    expect(authenticator.verify(openDelivery({ headers: { x: [wire] } }))).toBe(true);
    expect(authenticator.verify(openDelivery({ headers: { x: ["nyckel-åäö"] } }))).toBe(false);
  });
});

describe("upsales.2 a secret in the body", () => {
  test.each([
    null,
    [],
    "x",
    1,
    {},
    { authenticationKey: [secret] },
    { authenticationKey: null },
    { authenticationkey: secret },
  ])("%j is refused", async (body) => {
    expect(await inBody(body)).toBe(false);
  });

  test("names of Object.prototype are no fields", async () => {
    expect(await bodySecret("toString", secret).verify(openDelivery({ json: {} }))).toBe(false);
  });

  test("the body is opened by this one alone", () => {
    expect(
      [bodySecret("a", secret), urlSecret(secret), querySecret("a", secret), headerSecret("a", secret)].map(
        ({ needs }) => needs,
      ),
    ).toEqual(["body", "head", "head", "head"]);
  });
});
