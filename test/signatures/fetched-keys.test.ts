/** Keys that are fetched from their address: how often, how much of them, and what holds while they are away. */
import { bearerJwt, type Transport } from "@answerback/core";
import type { Authenticator, BearerJwtOptions } from "@answerback/core/provider";
import { describe, expect, it } from "vitest";
import {
  endless,
  serveCallbacks,
  type Behave,
  type CallbackServer,
} from "../guarded-fetch/callback-server.ts";
import { errorOf, localFetch } from "../guarded-fetch/guarded-post.ts";
import { two } from "../life-cycle/support.ts";
import { sample } from "../support/deliveries.ts";
import { openHouse } from "../support/house.ts";
import { manualClock } from "../support/manual-clock.ts";
import { arrival, signed, signingKey, verdictOf, type SigningKey } from "./tokens.ts";

const one = signingKey("ES256", "one");
const another = signingKey("ES256", "two");
const minute = 60_000;
/** So that no token of these suites ends. */
const far = { exp: 4_000_000_000, iat: undefined };

const publishing =
  (keys: readonly SigningKey[], headers: Record<string, string> = {}): Behave =>
  (res) =>
    void res.writeHead(200, headers).end(JSON.stringify({ keys: keys.map(({ jwk }) => jwk) }));

/** An authenticator of keys at an address, whose server does what `behave` says now. */
async function fetching(first: Behave, options: Partial<BearerJwtOptions> = {}) {
  let behave = first;
  const server = await serveCallbacks((...given) => behave(...given));
  const url = `https://callback.example:${server.port}/keys.json`;
  const authenticator = bearerJwt({ jwks: url, audience: "our-app", fetch: localFetch(), ...options });
  return {
    server,
    authenticator,
    /** From now on. */
    answers: (next: Behave) => (behave = next),
    /** What is said of a token that arrives so many ms after the first. */
    after: async (ms: number, key: SigningKey) =>
      verdictOf(authenticator, await signed(key, far), arrival + ms).catch(({ code }) => code),
  };
}

const fetches = ({ requests }: CallbackServer) => requests.length;

describe("any.32 keys that are fetched", () => {
  it("are fetched by GET, when a token first needs them", async () => {
    const { server, after } = await fetching(publishing([one]));
    expect(fetches(server)).toBe(0);
    expect(await after(0, one)).toBe(true);
    expect(server.requests).toMatchObject([
      { method: "GET", path: "/keys.json", body: "", headers: { accept: /jwk-set\+json/ } },
    ]);
  });

  it("are not fetched for what is no token of ours", async () => {
    const { server, authenticator } = await fetching(publishing([one]));
    for (const token of ["", "a.b.c", "eyJhbGciOiJub25lIn0.e30.AA"])
      expect(await verdictOf(authenticator, token)).toBe(false);
    expect(fetches(server)).toBe(0);
  });

  it.each<[string, Record<string, string>, number]>([
    ["10 minutes", {}, 10 * minute],
    ["as long as the answer says", { "cache-control": "public, max-age=1800, must-revalidate" }, 30 * minute],
    ["a minute at least", { "cache-control": "max-age=0" }, minute],
    ["a day at most", { "cache-control": "max-age=9999999999" }, 24 * 60 * minute],
    ["10 minutes where it says nonsense", { "cache-control": "max-age=soon, x-max-age=5" }, 10 * minute],
  ])("are kept %s", async (_, headers, freshMs) => {
    const { server, after } = await fetching(publishing([one], headers));
    expect(await after(0, one)).toBe(true);
    expect(await after(freshMs - 1, one)).toBe(true);
    expect(fetches(server)).toBe(1);
    expect(await after(freshMs, one)).toBe(true);
    expect(fetches(server)).toBe(2);
  });

  it("that are rotated are fetched again for a new name, at most once a minute", async () => {
    const { server, after, answers } = await fetching(publishing([one]));
    expect(await after(0, one)).toBe(true);
    answers(publishing([another]));
    expect(await after(minute - 1, another)).toBe(false);
    expect(fetches(server)).toBe(1);
    expect(await after(minute, another)).toBe(true);
    expect(await after(minute, one)).toBe(false);
    expect(await after(2 * minute - 1, one)).toBe(false);
    expect(fetches(server)).toBe(2);
  });

  it("are fetched again when the clock was set back", async () => {
    const { server, after } = await fetching(publishing([one]));
    expect(await after(0, one)).toBe(true);
    expect(await after(-10 * minute, one)).toBe(true);
    expect(fetches(server)).toBe(2);
  });

  it("are fetched once for all who wait, however long ago the fetch began", async () => {
    const begun: PromiseWithResolvers<Response>[] = [];
    const fetch: Transport = () => {
      const answer = Promise.withResolvers<Response>();
      begun.push(answer);
      return answer.promise;
    };
    const authenticator = bearerJwt({ jwks: "https://keys.example", audience: "our-app", fetch });
    const token = await signed(one, far);
    const verdicts = [0, 1, 10, 100].map((after) =>
      verdictOf(authenticator, token, arrival + after * minute),
    );
    await expect.poll(() => begun.length).toBe(1); // what checks tokens is loaded by then
    begun[0]!.resolve(Response.json({ keys: [one.jwk] }));
    expect([await verdicts[0], begun.length]).toEqual([true, 1]);
    expect(await Promise.all(verdicts)).toEqual([true, true, true, true]);
  });

  it("may stand beside such as nobody understands, and secrets are none of them", async () => {
    const strange = [{ kty: "AKP2" }, { kid: "one" }, "key", null, { kty: "oct", kid: "one", k: "c2VjcmV0" }];
    const broken = { ...one.jwk, x: "AA" };
    const { after } = await fetching((res) =>
      res.end(JSON.stringify({ keys: [...strange, broken, one.jwk, { ...another.jwk, use: "enc" }] })),
    );
    expect(await after(0, one)).toBe(true);
    expect(await after(0, another)).toBe(false);
  });
});

describe("any.32 keys that are away", () => {
  const set = JSON.stringify({ keys: [one.jwk] });
  it.each<[string, Behave, RegExp]>([
    ["answers 500", (res) => void res.writeHead(500).end(set), /it answered 500/],
    ["answers 204", (res) => void res.writeHead(204).end(), /it answered 204/],
    ["redirects", (res) => void res.writeHead(302, { location: "/other" }).end(), /it answered 302/],
    ["answers with garbage", (res) => void res.end("<html>"), /not JSON/],
    ["answers with nothing", (res) => void res.end(), /not JSON/],
    ["answers with no set", (res) => void res.end("[]"), /no JWK Set/],
    ["answers with keys that are none", (res) => void res.end('{"keys":{"a":1}}'), /no JWK Set/],
    ["answers with no key", (res) => void res.end('{"keys":[]}'), /no public key/],
    ["answers with a secret", (res) => void res.end('{"keys":[{"kty":"oct","k":"AA"}]}'), /no public key/],
    ["answers with a prototype", (res) => void res.end(`{"__proto__":${set}}`), /__proto__/],
    ["has too many", publishing(Array.from({ length: 101 }, () => one)), /more than 100 keys/],
    ["has 65,537 bytes", (res) => void res.end(set.padEnd(65_537)), /the fetch failed/],
    ["has 1 MB", (res) => void res.end(set.padEnd(1_000_000)), /the fetch failed/],
    ["has no end", endless, /the fetch failed/],
    [
      "is compressed",
      (res) => void res.writeHead(200, { "content-encoding": "gzip" }).end("\x1f\x8b"),
      /not JSON/,
    ],
    ["resets", (_, raw) => raw.resetAndDestroy(), /the fetch failed/],
  ])("%s: keys_away, told with its host and why", async (_, behave, why) => {
    const { server, authenticator, after, answers } = await fetching(behave);
    const error = await errorOf(verdictOf(authenticator, await signed(one, far)));
    expect([error.name, error.code]).toEqual(["AnswerbackError", "keys_away"]);
    expect(error.message).toMatch(/^the keys at callback\.example could not be fetched: /);
    expect(error.message).toMatch(why);
    expect(error.message).not.toMatch(/keys\.json|https/);
    answers(publishing([one]));
    expect(await after(4_999, one)).toBe("keys_away");
    expect(fetches(server)).toBe(1);
    expect(await after(5_000, one)).toBe(true);
  });

  it("with exactly 65,536 bytes, and 100 keys, are taken", async () => {
    const { after } = await fetching((res) => void res.end(set.padEnd(65_536)));
    expect(await after(0, one)).toBe(true);
    const many = await fetching(publishing(Array.from({ length: 100 }, () => one)));
    expect(await many.after(0, one)).toBe(true);
  });

  it("from a fetch that bounds nothing, they are bounded all the same", async () => {
    const unbounded: Transport = async () => new Response(set.padEnd(65_537));
    const authenticator = bearerJwt({ jwks: "https://keys.example", audience: "our-app", fetch: unbounded });
    const error = await errorOf(verdictOf(authenticator, await signed(one, far)));
    expect(error.message).toMatch(/more than 65536 bytes/);
  });

  it("for longer than 2 s are given up, and the fetch with them", async () => {
    const clock = manualClock();
    const asked = Promise.withResolvers<AbortSignal>();
    const fetch: Transport = (_, { signal }) => (asked.resolve(signal), new Promise(() => {}));
    const authenticator = bearerJwt({ jwks: "https://keys.example", audience: "our-app", fetch, clock });
    const verdict = errorOf(verdictOf(authenticator, await signed(one, far)));
    const signal = await asked.promise;
    await clock.advance(1_999);
    expect(signal.aborted).toBe(false);
    await clock.advance(1);
    expect([(await verdict).code, signal.aborted]).toEqual(["keys_away", true]);
    expect((await verdict).message).toMatch(/not there within 2000 ms/);
  });

  it("or a fetch that throws at once, are told", async () => {
    const fetch = (() => {
      throw new Error("no network");
    }) as Transport;
    const authenticator = bearerJwt({ jwks: "https://keys.example", audience: "our-app", fetch });
    const error = await errorOf(verdictOf(authenticator, await signed(one, far)));
    expect([error.code, error.cause.message]).toEqual(["keys_away", "no network"]);
  });

  it("change nothing of those that are fresh", async () => {
    const { after, answers } = await fetching(publishing([one]));
    expect(await after(0, one)).toBe(true);
    answers((res) => void res.writeHead(500).end());
    expect(await after(minute, another)).toBe("keys_away");
    expect(await after(minute, one)).toBe(true);
    expect(await after(10 * minute, one)).toBe("keys_away");
    answers(publishing([one]));
    expect(await after(11 * minute, one)).toBe(true);
  });
});

describe.each(two)("$name", (framework) => {
  const ticket = { ...sample("uphance/pick-ticket-update"), path: "/hooks/uphance" };
  const open = async (authenticate: Authenticator) => {
    const house = await openHouse(framework, "uphance", { options: { authenticate } });
    const deliver = async (key: SigningKey) => {
      const authorization = `Bearer ${await signed(key, far)}`;
      return house.deliver({ ...ticket, headers: { ...ticket.headers, authorization } });
    };
    return { ...house, deliver };
  };

  it("any.32 a hundred deliveries at once are let in by one fetch", async () => {
    const { server, authenticator } = await fetching(publishing([one]));
    const house = await open(authenticator);
    const answers = await Promise.all(Array.from({ length: 100 }, () => house.deliver(one)));
    expect(new Set(answers.map(({ status }) => status))).not.toContain(401);
    expect(answers[0]?.status).toBe(200);
    expect([house.events.length, fetches(server)]).toEqual([1, 1]);
  });

  it("any.32 where the keys are away, the provider has to send again, and the developer is told", async () => {
    const { authenticator } = await fetching((res) => void res.writeHead(503).end());
    const house = await open(authenticator);
    const answer = await house.deliver(one);
    expect([answer.status, answer.json]).toEqual([503, { code: "keys_away" }]);
    expect(answer.headers.get("retry-after")).toMatch(/^\d+$/);
    expect(house.told).toMatchObject([
      { error: { code: "keys_away" }, facts: { stage: "authenticate", status: 503 } },
    ]);
    expect(house.events).toEqual([]);
  });

  it("any.32 a key that is not among them is a 401", async () => {
    const { authenticator } = await fetching(publishing([one]));
    const house = await open(authenticator);
    expect((await house.deliver(one)).status).toBe(200);
    expect((await house.deliver(another)).status).toBe(401);
  });
});
