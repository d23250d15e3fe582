/** A mistake in the options is refused at creation, by a message that names the option and the cure. */
import {
  appInbox,
  basicAuth,
  bodySecret,
  createReceiver,
  headerSecret,
  memory,
  postback,
  querySecret,
  uphance,
  upsales,
  urlSecret,
  type Warning,
} from "@answerback/core";
import { defineProvider } from "@answerback/core/provider";
import { describe, expect, it } from "vitest";

const good = { authenticate: false, handle: () => {} } as const;
const nameless = { accepts: ["json"], events: {}, decode: () => [] } as const;
const create = (options: Record<string, unknown>, provider: any = upsales()) =>
  createReceiver(provider, { ...good, ...options } as any);

describe("refused at creation", () => {
  it.each<[string, () => unknown, RegExp]>([
    ["no authenticate", () => create({ authenticate: undefined }), /^authenticate: .*write out false/],
    [
      "an empty list of authenticators",
      () => create({ authenticate: [] }),
      /^authenticate: .*write out false/,
    ],
    ["what is no authenticator", () => create({ authenticate: "secret" }), /^authenticate: /],
    [
      "two secrets in the path",
      () => create({ authenticate: [urlSecret("a".repeat(16)), urlSecret("b".repeat(16))] }),
      /^authenticate: /,
    ],
    [
      "an unset secret",
      () => bodySecret("authenticationKey", undefined),
      /bodySecret: secret.*environment variable/,
    ],
    ["an empty secret", () => urlSecret(""), /urlSecret: secret.*environment variable/],
    [
      "an unset secret in a rotation",
      () => querySecret("secret", ["a".repeat(16), undefined]),
      /querySecret: secret/,
    ],
    ["an unset header secret", () => headerSecret("x-key", undefined), /headerSecret: secret/],
    [
      "an unset password",
      () => basicAuth({ username: "hook", password: undefined }),
      /basicAuth: password.*environment variable/,
    ],
    ["no pair", () => basicAuth([]), /basicAuth: /],
    ["a user name with a colon", () => basicAuth({ username: "a:b", password: "x" }), /basicAuth: username/],
    [
      "answerWithin above patience",
      () => create({ answerWithin: "30s" }),
      /^answerWithin: must be below the 30 s that upsales waits/,
    ],
    [
      "a duration without a unit",
      () => create({ answerWithin: 25 }),
      /^answerWithin: 25 is not a duration; write it as "25s"/,
    ],
    [
      "a retention that is too short",
      () => create({ retention: "24h" }, uphance()),
      /^retention: must be at least the 48 h/,
    ],
    ["a retention that is too short", () => create({ retention: "4d" }, postback()), /^retention: /],
    ["no time to handle", () => create({ handleWithin: 0 }), /^handleWithin: /],
    ["no handler", () => create({ handle: undefined }), /^handle: it is missing; give a function/],
    [
      "a handler that is none",
      () => create({ handle: { external: "x" } }),
      /^handle: "external" is not a function/,
    ],
    [
      "an event that does not exist",
      () => create({ handle: { "order.insrt": () => {} } }),
      /^handle: upsales has no event "order.insrt"; it has .*order.insert/,
    ],
    ["a limit that is none", () => create({ bodyLimit: 0 }), /^bodyLimit: 0 is not a whole number above 0/],
    ["a count that is none", () => create({ maxConcurrent: 1.5 }), /^maxConcurrent: /],
    ["callback hosts that are addresses", () => upsales({ callbackHosts: ["127.0.0.1"] }), /callbackHosts/],
    ["any callback host", () => upsales({ callbackHosts: ["*"] }), /callbackHosts/],
    ["no callback host", () => upsales({ callbackHosts: [] }), /callbackHosts/],
    ["an event type that is taken", () => upsales({ paths: { "/x": "external" } }), /paths/],
    [
      "a provider without formats",
      () => defineProvider({ name: "x", accepts: [], events: {}, decode: () => [] }),
      /x: accepts: nothing could be received/,
    ],
    ["a memory of nothing", () => memory({ maxKeys: 0 }), /maxKeys/],
  ])("%s", (_, mistake, message) => {
    expect(mistake).toThrow(TypeError);
    expect(mistake).toThrow(message);
  });

  it.each<[string, string, () => unknown]>([
    ["missing", "authenticate", () => create({ authenticate: undefined })],
    ["missing", "handle", () => create({ handle: undefined })],
    ["missing", "bodySecret: secret", () => bodySecret("key", undefined)],
    ["missing", "defineProvider: name", () => defineProvider({ ...nameless, name: undefined as never })],
    ["empty", "authenticate", () => create({ authenticate: [] })],
    ["empty", "bodySecret: secret", () => bodySecret("key", "")],
    ["empty", "defineProvider: name", () => defineProvider({ ...nameless, name: "" })],
    ["invalid", "authenticate", () => create({ authenticate: "secret" })],
    ["invalid", "handle", () => create({ handle: "external" })],
    ["invalid", "answerWithin", () => create({ answerWithin: "a while" })],
    ["invalid", "maxAttempts", () => create({ maxAttempts: 1.5 })],
    ["invalid", "concurrency.runs", () => create({ concurrency: { runs: NaN } })],
    ["invalid", "memory: maxKeys", () => memory({ maxKeys: 1.5 })],
    ["out_of_range", "answerWithin", () => create({ answerWithin: "30s" })],
    ["out_of_range", "handleWithin", () => create({ handleWithin: 0 })],
    ["out_of_range", "maxAttempts", () => create({ maxAttempts: 0 })],
    ["out_of_range", "concurrency.runs", () => create({ concurrency: { runs: -1 } })],
    ["out_of_range", "memory: maxKeys", () => memory({ maxKeys: 0 })],
  ])("one mistake has one code: %s, %s", (code, option, mistake) => {
    expect(mistake).toThrow(expect.objectContaining({ name: "OptionError", code, option }));
  });

  it("any.10 a name that is open on the backend, until it is closed", async () => {
    const backend = memory();
    const first = create({ backend });
    expect(() => create({ backend })).toThrow(
      /^name: a receiver "upsales" is open in this process, .*such as "upsales-2"/,
    );
    const other = create({ backend, name: "other" });
    await first.close();
    await create({ backend }).close();
    await other.close();
  });
});

describe("warned of, once", () => {
  it.each<[string, any, Record<string, unknown>]>([
    ["short_secret", uphance(), { authenticate: urlSecret("short"), requireHttps: true, backend: memory() }],
    ["plain_http", uphance(), { backend: memory() }],
    ["memory_forgets", appInbox(), {}],
  ])("any.14 any.15 %s", (code, provider, options) => {
    const warnings: Warning[] = [];
    create({ ...options, warn: (warning: Warning) => warnings.push(warning) }, provider);
    expect(warnings.map((warning) => warning.code)).toEqual([code]);
  });
});
