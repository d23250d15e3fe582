/** Row "set-up mistakes": refused at creation, before a port is open; what may be meant so is warned of. */
import {
  basicAuth,
  bodySecret,
  createReceiver,
  ed25519Signature,
  headerSecret,
  hmacSignature,
  memory,
  querySecret,
  standardWebhooks,
  urlSecret,
} from "@answerback/core";
import { inspect } from "node:util";
import { describe, expect, it, onTestFinished } from "vitest";
import { providers, type ProviderName } from "../support/house.ts";

const names = Object.keys(providers) as ProviderName[];
const long = "a-secret-of-enough-characters";

const create = (name: ProviderName, options: Record<string, unknown>) => {
  const given = {
    authenticate: false,
    backend: memory(),
    handle: () => undefined,
    warn: () => {},
    ...options,
  };
  const receiver = createReceiver(providers[name].make() as any, given as any);
  onTestFinished(() => receiver.close({ within: 0 }));
  return receiver;
};

/** What stands where a secret should be. */
const noSecrets: readonly unknown[] = [
  undefined,
  null,
  "",
  [],
  [""],
  [undefined],
  [long, undefined],
  [long, ""],
  0,
  4711,
  {},
  true,
];

const credentials: readonly (readonly [string, (secret: any) => unknown])[] = [
  ["bodySecret", (secret) => bodySecret("authenticationKey", secret)],
  ["headerSecret", (secret) => headerSecret("x-api-key", secret)],
  ["hmacSignature", (secret) => hmacSignature({ header: "x-signature", secret })],
  ["ed25519Signature", (publicKey) => ed25519Signature({ header: "x-signature", publicKey })],
  ["standardWebhooks", (secret) => standardWebhooks(secret)],
  ["urlSecret", (secret) => urlSecret(secret)],
  ["querySecret", (secret) => querySecret("secret", secret)],
  ["the password of basicAuth", (secret) => basicAuth({ username: "hook", password: secret })],
  ["the user name of basicAuth", (secret) => basicAuth({ username: secret, password: long })],
];

const mistakes: readonly (readonly [string, (name: ProviderName) => unknown])[] = [
  ...[undefined, null, true, "secret", 1, {}, [], [false], [null], { needs: "head" }].map(
    (authenticate) =>
      [
        `authenticate ${JSON.stringify(authenticate)}`,
        (name: ProviderName) => create(name, { authenticate }),
      ] as const,
  ),
  ...[undefined, null, "x", 1, { nothing: () => {} }, { "*": "x" }, { "*": 1 }].map(
    (handle) =>
      [`handle ${JSON.stringify(handle)}`, (name: ProviderName) => create(name, { handle })] as const,
  ),
  ...["60s", "1h", "-1s", "1", "1 s", "s", "NaNs", 5, Number.NaN, {}].map(
    (answerWithin) =>
      [
        `answerWithin ${inspect(answerWithin)}`,
        (name: ProviderName) => create(name, { answerWithin }),
      ] as const,
  ),
  ...[-1, 0, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "1mb", 2 ** 53].flatMap((count) =>
    ["bodyLimit", "maxConcurrent", "maxBytesInFlight", "maxAttempts"].map(
      (option) => [`${option} ${count}`, (name: ProviderName) => create(name, { [option]: count })] as const,
    ),
  ),
  ["handleWithin 0", (name) => create(name, { handleWithin: 0 })],
  [
    "the same name twice",
    (name) => {
      const backend = memory();
      create(name, { backend });
      return create(name, { backend });
    },
  ],
];

describe("set-up mistakes", () => {
  it.each(credentials)(
    "any.13 any.14 %s that is missing or empty is a TypeError that does not repeat it",
    (_, make) => {
      for (const secret of noSecrets) {
        expect(() => make(secret)).toThrow(TypeError);
        expect(() => make(secret)).not.toThrow(long);
      }
    },
  );

  it.each(names)("any.10 any.11 %s: a mistake in the options is a TypeError", (name) => {
    for (const [what, mistake] of mistakes) {
      let thrown: unknown;
      try {
        mistake(name);
      } catch (error) {
        thrown = error;
      }
      expect([what, thrown instanceof TypeError]).toEqual([what, true]);
    }
  });

  it.each([
    ["uphance", "47h"],
    ["postback", "119h"],
  ] as const)("any.10 %s: a retention shorter than its retries is a TypeError", (name, retention) => {
    expect(() => create(name, { retention })).toThrow(TypeError);
    expect(() => create(name, { retention: "7d" })).not.toThrow();
  });

  it("any.14 a secret under 16 characters is warned of, with a code and without the secret", () => {
    for (const authenticate of [
      urlSecret("123456789abcdef"),
      querySecret("secret", [long, "123456789abcdef"]),
    ]) {
      const warnings: any[] = [];
      create("app-inbox", { authenticate, warn: (warning: unknown) => warnings.push(warning) });
      expect(warnings).toMatchObject([{ code: "short_secret" }]);
      expect(JSON.stringify(warnings)).not.toContain("123456789abcdef");
    }
  });

  it("any.14 a secret that a URL would write in another way is a TypeError that does not repeat it", () => {
    for (const secret of [
      `${long}/x`,
      `${long}?`,
      `${long}#`,
      `${long}%41`,
      `${long} x`,
      `${long}\u00e5`,
      `${long};x`,
      ".",
      "..",
    ]) {
      for (const make of [urlSecret, (one: string) => querySecret("secret", one)]) {
        expect(() => make(secret)).toThrow(TypeError);
        expect(() => make(secret)).not.toThrow(long);
      }
    }
  });
});
