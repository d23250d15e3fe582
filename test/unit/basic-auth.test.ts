/** Basic credentials. */
import { inspect } from "node:util";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { basicAuth } from "../../packages/core/src/authenticators/basic-auth.ts";
import { openDelivery } from "./deliveries.ts";

const pair = { username: "hook", password: "pässwörd:1" };
const base64 = (text: string) => Buffer.from(text).toString("base64");
const right = base64("hook:pässwörd:1");
const ask = (authorization: string[] | undefined, accepted: Parameters<typeof basicAuth>[0] = pair) =>
  basicAuth(accepted).verify(openDelivery({ headers: { authorization } }));

describe("any.13 credentials that are right", () => {
  test.each([`Basic ${right}`, `basic ${right}`, `BASIC    ${right}`, `Basic ${right.replace(/=+$/, "")}`])(
    "%s",
    (header) => {
      expect(ask([header])).toBe(true);
    },
  );

  test("either of two during a rotation, and no identity, so that no key changes", () => {
    const both = [pair, { username: "hook", password: "new" }];
    expect(ask([`Basic ${right}`], both)).toBe(true);
    expect(ask([`Basic ${base64("hook:new")}`], both)).toBe(true);
  });

  test("a pair that names an identity lets in as it", () => {
    const both = [pair, { username: "b", password: "c", identity: "tenant-b" }];
    expect(ask([`Basic ${base64("b:c")}`], both)).toBe("tenant-b");
    expect(ask([`Basic ${right}`], both)).toBe(true);
  });

  test("any pair that can be sent", () => {
    const sendable = fc.string({ unit: "grapheme", minLength: 1 }).filter((text) => !/\p{Cc}/u.test(text));
    fc.assert(
      fc.property(
        sendable.filter((text) => !text.includes(":")),
        sendable,
        (username, password) => {
          expect(ask([`Basic ${base64(`${username}:${password}`)}`], { username, password })).toBe(true);
        },
      ),
    );
  });
});

describe("any.13 credentials that are refused", () => {
  test.each([
    ["none", undefined],
    ["two, good then bad", [`Basic ${right}`, "Basic eA=="]],
    ["two, bad then good", ["Basic eA==", `Basic ${right}`]],
    ["two good ones", [`Basic ${right}`, `Basic ${right}`]],
    ["another scheme", [`Bearer ${right}`]],
    ["the scheme alone", ["Basic"]],
    ["an empty header", [""]],
    ["no space", [`Basic${right}`]],
    ["a tab", [`Basic\t${right}`]],
    ["a space and a tab", [`Basic \t${right}`]],
    ["something behind", [`Basic ${right} x`]],
    ["garbage", ["Basic §§§§"]],
    ["base64url", [`Basic ${base64("hook:??>>").replace("/", "_").replace("+", "-")}`]],
    ["a space inside", [`Basic ${right.slice(0, 4)} ${right.slice(4)}`]],
    ["too much padding", [`Basic ${right}==`]],
    ["no colon", [`Basic ${base64("hookpässwörd1")}`]],
    ["another user", [`Basic ${base64("hooc:pässwörd:1")}`]],
    ["another password of the same length", [`Basic ${base64("hook:pässwörd:2")}`]],
    ["a longer password", [`Basic ${base64("hook:pässwörd:1x")}`]],
    ["10 kB", [`Basic ${base64(`hook:${"x".repeat(10_000)}`)}`]],
    ["Latin-1", [`Basic ${Buffer.from("hook:pässwörd:1", "latin1").toString("base64")}`]],
    ["a byte order mark", [`Basic ${base64("\uFEFFhook:pässwörd:1")}`]],
  ])("%s", (_name, headers) => {
    expect(ask(headers)).toBe(false);
  });

  test("base64 with bits left over", () => {
    const accepted = { username: "a", password: "b1" };
    expect(base64("a:b1")).toBe("YTpiMQ==");
    expect(ask(["Basic YTpiMQ=="], accepted)).toBe(true);
    for (const other of ["YTpiMR==", "YTpiMR", "YTpiMQ="])
      expect(ask([`Basic ${other}`], accepted)).toBe(false);
  });

  test("control characters, whatever the password", () => {
    expect(ask([`Basic ${base64("hook:a\u0000b")}`], { username: "hook", password: "ab" })).toBe(false);
  });

  test("whatever the header is, it is refused and nothing is thrown", () => {
    const header = fc.oneof(
      fc.string(),
      fc.string().map((text) => `Basic ${text}`),
      fc.base64String().map((text) => `Basic ${text}`),
    );
    fc.assert(
      fc.property(header, (text) => {
        expect(ask([text])).toBe(false);
      }),
    );
  });

  test("the refusal is a challenge that names realm and charset", () => {
    expect(basicAuth(pair).refusal).toEqual({
      headers: { "www-authenticate": 'Basic realm="webhooks", charset="UTF-8"' },
    });
    expect(basicAuth(pair, { realm: 'a "b\\c"' }).refusal?.headers).toEqual({
      "www-authenticate": 'Basic realm="a \\"b\\\\c\\"", charset="UTF-8"',
    });
    expect(() => basicAuth(pair, { realm: "a\r\nb" })).toThrow(TypeError);
  });
});

describe("set-up mistakes", () => {
  test.each([
    [{ username: "a", password: undefined }, /password: it is missing; is the environment variable set\?/],
    [{ username: "a", password: "" }, /password: it is empty; is the environment variable set\?/],
    [{ username: undefined, password: "b" }, /username: it is missing/],
    [{ username: "a:b", password: "c" }, /colon/],
    [{ username: "a", password: "b\n" }, /control characters/],
    [{ username: "a", password: "b", identity: "" }, /identity: it is empty; leave it out/],
    [[], /credentials: give at least one/],
  ])("%o is a TypeError", (credentials, message) => {
    expect(() => basicAuth(credentials)).toThrow(TypeError);
    expect(() => basicAuth(credentials)).toThrow(message);
  });

  test("printing it prints no secret, and registering it knows the first pair", () => {
    const authenticator = basicAuth([pair, { username: "old", password: "0ld-s3cret" }]);
    expect(
      inspect(authenticator, { depth: null, showHidden: true }) + JSON.stringify(authenticator),
    ).not.toMatch(/pässwörd|0ld-s3cret/);
    expect(authenticator.registers?.()).toEqual({ in: "basic", username: "hook", password: "pässwörd:1" });
  });
});
