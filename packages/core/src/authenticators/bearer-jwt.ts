/** A JSON Web Token in a header, signed with one of the provider's keys. */
import type { JWTPayload, JWTVerifyOptions } from "jose";
import type { Authenticator, OpenDelivery, Secret } from "../contract/authenticator.ts";
import type { Duration } from "../contract/duration.ts";
import {
  aClock,
  aFunction,
  duration,
  listOf,
  oneOf,
  oneOrMore,
  optional,
  setting,
  text,
  withDefault,
} from "../contract/kinds.ts";
import { OptionError } from "../contract/option-error.ts";
import { readOptions, takesAtMost, type Read } from "../contract/read-options.ts";
import type { Transport } from "../contract/transport.ts";
import { systemClock, toDate, type Clock } from "../lib/clock.ts";
import { fetchedKeys } from "./fetched-keys.ts";
import { aKeySetOrAddress, fixedKeys, type Key, type Keys, type KeySet } from "./jwt-keys.ts";
import { warningsOf } from "./secrets.ts";

const ofSecrets = ["HS256", "HS384", "HS512"] as const;
const rsa = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"] as const;
const curves = ["ES256", "ES384", "ES512", "EdDSA", "Ed25519"] as const;

/** How a token is signed: with a shared secret (`HS…`), or with the provider's own key. `none` is not among them. */
export type JwtAlgorithm = (typeof ofSecrets | typeof rsa | typeof curves)[number];

const ofKeys: readonly JwtAlgorithm[] = [...rsa, ...curves];

/** What {@link bearerJwt} takes: the keys in one of two ways, `jwks` or `secret`, and what a token has to say. */
export interface BearerJwtOptions {
  /** The provider's public keys as a JWK Set, or the https address of one (RFC 7517). Default: there is a `secret`. */
  readonly jwks?: KeySet | string | undefined;
  /** The secret that is shared with the provider, or a list while it rotates. Default: there are `jwks`. */
  readonly secret?: Secret;
  /** Whom a token is for: its `aud` has one of these. Where it is `undefined`, {@link bearerJwt} throws. */
  readonly audience: string | undefined | readonly (string | undefined)[];
  /** Who issued a token: its `iss` is one of these. Default: the keys say enough. */
  readonly issuer?: string | undefined | readonly (string | undefined)[];
  /** The algorithms that are let in. Default: `["HS256"]` with a `secret`, all that a public key may be of with `jwks`. */
  readonly algorithms?: readonly JwtAlgorithm[] | undefined;
  /** The header that holds the token alone, without a scheme, in any case. Default: `Authorization`, behind `Bearer`. */
  readonly header?: string | undefined;
  /** How far the provider's clock may be from ours, for `exp`, `nbf` and `iat`. Default `"60s"`. */
  readonly tolerance?: Duration | undefined;
  /** The claim whose text is the identity of who sends, which scopes the event keys. Default: no identity. */
  readonly identity?: string | undefined;
  /** Fetches `jwks` where it is an address, such as `guardedFetch` of `@answerback/node`. Default: nothing is fetched. */
  readonly fetch?: Transport | undefined;
  /** The time in which keys have to be fetched, for tests. Default: the process's clock. */
  readonly clock?: Clock | undefined;
}

const known = {
  jwks: optional(aKeySetOrAddress),
  secret: optional(oneOrMore(setting)),
  audience: oneOrMore(setting),
  issuer: optional(oneOrMore(setting)),
  algorithms: optional(listOf(oneOf(...ofSecrets, ...rsa, ...curves))),
  header: optional(text),
  tolerance: withDefault(duration, "60s"),
  identity: optional(text),
  fetch: optional(aFunction),
  clock: withDefault(aClock, systemClock),
};

/**
 * Lets a delivery in that carries a JSON Web Token, signed with one of the keys, with an `exp`, for the audience. Times are
 * judged by when the delivery arrived. Any other delivery is refused with 401.
 *
 * Keys of an address are fetched when a token first needs them, kept for 10 minutes, or for the `max-age` of the answer,
 * from a minute to a day, and fetched again for a key that is not among them, at most once a minute. Where they cannot be
 * fetched in 2 s, from at most 64 kB, the delivery is refused with `keys_away`, so that the provider sends it again.
 *
 * @returns An authenticator, for the option `authenticate` of `createReceiver`.
 * @throws OptionError `missing` where there are neither `jwks` nor a `secret`, no `audience`, or an address and no `fetch`;
 *   `conflict` for `jwks` beside a `secret`, and for a `fetch` without an address; `empty` for a text or a list with nothing
 *   in it; `unknown` for an option that there is not; `invalid` for an address that is not https, a key that is not public, an
 *   algorithm that does not fit the keys, and a value of another kind.
 * @example
 * bearerJwt({ jwks: "https://www.googleapis.com/oauth2/v3/certs", audience: "my-app", fetch: guardedFetch });
 * bearerJwt({ secret: process.env.SIGNING_SECRET, audience: "https://example.com/hooks", header: "authorization" });
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.32 any.32}
 */
export function bearerJwt(options: BearerJwtOptions): Authenticator {
  takesAtMost(1, "bearerJwt", arguments);
  const given = readOptions("bearerJwt", options, known);
  const { secret, audience, issuer, identity, tolerance } = given;
  const keysFor = keysOf(given);
  const algorithms = algorithmsOf(given);
  const header = given.header?.toLowerCase();
  // only an app that checks tokens loads what checks them, and does so before the first delivery
  const loading = import("jose");
  const terms: JWTVerifyOptions = {
    algorithms: [...algorithms],
    audience: [...audience],
    ...(issuer && { issuer: [...issuer] }),
    clockTolerance: tolerance / 1_000,
    requiredClaims: ["exp"],
  };
  return {
    needs: "head",
    async verify(delivery) {
      const { headers, receivedAt } = delivery;
      const token = tokenIn(headers, header);
      const jose = await loading;
      const head = headOf(jose, token);
      if (!head || !algorithms.includes(head.alg)) return delivery.deny(noToken);
      for (const key of await keysFor(head.kid, receivedAt)) {
        const claims = await claimsOf(jose, { token, key }, { ...terms, currentDate: toDate(receivedAt) });
        if (claims && !isAhead(claims, receivedAt + tolerance)) return identityIn(claims, identity);
      }
      return delivery.deny(notGood);
    },
    ...(header === undefined && { refusal: { headers: { "www-authenticate": "Bearer" } } }),
    warnings: secret ? warningsOf("bearerJwt", secret) : [],
  };
}

const noToken = "no token is there, or it is signed by an algorithm that is not let in";
const notGood = "the token is signed with no key of its issuer's, is not for us, or not of now";

type Given = Read<typeof known>;
type Jose = typeof import("jose");

function keysOf({ jwks, secret, fetch, clock }: Given): Keys {
  if (jwks !== undefined && secret !== undefined)
    throw new OptionError("bearerJwt: secret", "conflict", "give jwks or a secret, not both");
  if (typeof jwks !== "string" && fetch !== undefined)
    throw new OptionError("bearerJwt: fetch", "conflict", "there is no address to fetch from; leave it out");
  if (secret !== undefined) return fixedKeys(secret.map((one) => Buffer.from(one)));
  if (jwks === undefined)
    throw new OptionError(
      "bearerJwt: jwks",
      "missing",
      "it is missing, and so is secret; give the provider's keys, their https address, or the secret that you share",
    );
  if (typeof jwks !== "string") return fixedKeys(jwks);
  if (fetch !== undefined) return fetchedKeys({ url: jwks, fetch: fetch as Transport, clock });
  throw new OptionError(
    "bearerJwt: fetch",
    "missing",
    "jwks is an address; give what fetches it, such as guardedFetch of @answerback/node",
  );
}

/** With a public key for a secret, everybody who has the key could sign: so no algorithm is let in that does not fit. */
function algorithmsOf({ algorithms, secret }: Given): readonly string[] {
  const fitting: readonly JwtAlgorithm[] = secret ? ofSecrets : ofKeys;
  const stranger = algorithms?.find((one) => !fitting.includes(one));
  if (stranger === undefined) return algorithms ?? (secret ? ["HS256"] : ofKeys);
  throw new OptionError(
    "bearerJwt: algorithms",
    "invalid",
    secret
      ? `${stranger} is not signed with a secret; give jwks, or ${ofSecrets.join(", ")}`
      : `${stranger} is signed with a secret, and jwks are public; give secret, or leave it out`,
  );
}

/** The token, as one header alone has it; `""`: there is none. */
function tokenIn(headers: OpenDelivery["headers"], name: string | undefined): string {
  const [value = "", second] = headers[name ?? "authorization"] ?? [];
  if (second !== undefined) return "";
  return (name === undefined ? bearer : alone).exec(value)?.[1] ?? "";
}

/** The scheme in any case, one or more spaces after it and no tab (RFC 9110, section 11.4; RFC 6750, section 2.1). */
const bearer = /^bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i;
const alone = /^([\w-]+\.[\w-]+\.[\w-]+)$/;

/** What the token says of its key, which nobody has proved yet. */
function headOf(
  jose: Jose,
  token: string,
): { readonly alg: string; readonly kid: string | undefined } | undefined {
  try {
    const { alg, kid } = jose.decodeProtectedHeader(token);
    const isKnown = kid === undefined || typeof kid === "string";
    return typeof alg === "string" && isKnown ? { alg, kid } : undefined;
  } catch {
    return undefined;
  }
}

/** The claims of a token that this key has signed, and that says what it has to; else `undefined`. */
async function claimsOf(
  jose: Jose,
  { token, key }: { readonly token: string; readonly key: Key },
  terms: JWTVerifyOptions,
): Promise<JWTPayload | undefined> {
  try {
    return (await jose.jwtVerify(token, key, terms)).payload;
  } catch {
    // whatever is wrong with the token, or with a key of the provider's, nobody has signed it
    return undefined;
  }
}

/** Was it issued later than that? */
function isAhead({ iat }: JWTPayload, ms: number): boolean {
  return iat !== undefined && iat * 1_000 > ms;
}

function identityIn(claims: JWTPayload, claim: string | undefined): boolean | string {
  if (claim === undefined) return true;
  const value = Object.hasOwn(claims, claim) ? claims[claim] : undefined;
  return typeof value === "string" ? value : false;
}
