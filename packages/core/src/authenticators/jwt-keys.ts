/** The keys that a token may be signed with: shared secrets, or a provider's public keys as a JWK Set. */
import { createPublicKey, type JsonWebKeyInput } from "node:crypto";
import type { JWK } from "jose";
import { isObject, wrongKind, type Kind } from "../contract/kinds.ts";
import { OptionError } from "../contract/option-error.ts";
import { isRecord } from "../decoding/json.ts";
import type { MaybePromise } from "../lib/maybe-promise.ts";

/** A JWK Set (RFC 7517, section 5), as providers publish it. */
export interface KeySet {
  /** Public keys, of the kinds RSA, EC and OKP. */
  readonly keys: readonly object[];
}

/** A shared secret, or a public key. */
export type Key = Uint8Array | JWK;

/**
 * The keys that may have signed a token.
 *
 * @param kid What the token calls its key; `undefined`: it does not say.
 * @param now When the token arrived: ms since the epoch.
 */
export type Keys = (kid: string | undefined, now: number) => MaybePromise<readonly Key[]>;

/** Keys that never change. */
export function fixedKeys(keys: readonly Key[]): Keys {
  return (kid) => keysCalled(kid, keys);
}

/** Those of the keys that a token may mean: of that name, or without one; a secret has none. */
export function keysCalled<One extends Key>(kid: string | undefined, keys: readonly One[]): readonly One[] {
  return keys.filter((key) => kid === undefined || key instanceof Uint8Array || key.kid === kid);
}

/** A JWK Set, as its keys, or the https address of one. The error shows neither, as it may be a secret. */
export const aKeySetOrAddress: Kind<string | readonly JWK[]> = (option, value) => {
  if (typeof value === "string") return anAddress(option, value);
  if (!isObject(value))
    throw wrongKind(option, value, "a JWK Set, { keys: […] }, or the https address of one");
  const { keys } = value as Partial<KeySet>;
  if (!Array.isArray(keys)) throw wrongKind(`${option}.keys`, keys, "the list of keys");
  if (keys.length === 0) throw new OptionError(`${option}.keys`, "empty", "give at least one key");
  return keys.map((key: unknown) => aPublicKey(`${option}.keys`, key));
};

function anAddress(option: string, value: string): string {
  const url = URL.parse(value);
  if (url?.protocol === "https:" && !url.username && !url.password) return value;
  throw new OptionError(
    option,
    "invalid",
    "it is not an https address without credentials; a shared secret goes into secret",
  );
}

function aPublicKey(option: string, key: unknown): JWK {
  if (!isRecord(key)) throw wrongKind(option, key, "a list of keys, each an object");
  if (key["kty"] === "oct")
    throw new OptionError(option, "invalid", "one of them is a shared secret; give it as secret");
  if (key["d"] !== undefined || key["priv"] !== undefined)
    throw new OptionError(option, "invalid", "one of them is a private key; leave it with who signs");
  try {
    createPublicKey({ key, format: "jwk" } as JsonWebKeyInput);
  } catch {
    // the engine's message may show the key
    throw new OptionError(option, "invalid", "one of them is no key of the kind RSA, EC or OKP; compare it");
  }
  // a copy, since the library freezes what it is given
  return { ...key } as JWK;
}
