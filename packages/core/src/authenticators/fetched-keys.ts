/** A provider's keys as they stand at an address: fetched by one delivery for all, kept while they are fresh, bounded. */
import type { JWK } from "jose";
import { AnswerbackError } from "../contract/errors.ts";
import type { Transport } from "../contract/transport.ts";
import { isRecord, parseJson } from "../decoding/json.ts";
import type { Clock } from "../lib/clock.ts";
import { fetchPublished } from "./fetch-published.ts";
import { keysCalled, type Keys } from "./jwt-keys.ts";

/** Where the keys are, and what fetches them. */
export interface KeyAddress {
  /** The https address of a JWK Set. */
  readonly url: string;
  /** Gets it. */
  readonly fetch: Transport;
  /** The time in which that has to be done. */
  readonly clock: Clock;
}

const second = 1_000;
const minute = 60 * second;

/** How long keys are fresh, and how long nothing is fetched after that: ms. */
const times = {
  fresh: 10 * minute,
  freshAtLeast: minute,
  freshAtMost: 24 * 60 * minute,
  unknownKey: minute,
  failure: 5 * second,
};

const maxKeys = 100;

/** The keys of one answer. */
interface Fetched {
  readonly keys: readonly JWK[];
  readonly freshMs: number;
}

/**
 * Keys that are fetched when a token needs them. While they are fresh, one that is not among them has them fetched again, at
 * most once a minute; a fetch that fails changes no key.
 *
 * @returns What gives the keys, or rejects with `keys_away` where they had to be fetched and could not be.
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.32 any.32}
 */
export function fetchedKeys(address: KeyAddress): Keys {
  let known: (Fetched & { readonly at: number }) | undefined;
  let failure: unknown;
  let askedAt = -Infinity;
  let fetching: Promise<void> | undefined;

  async function refresh(now: number): Promise<void> {
    askedAt = now;
    try {
      known = { ...(await fetchPublished({ ...address, accept }, keysIn)), at: now };
      failure = undefined;
    } catch (error) {
      failure = error;
    }
    fetching = undefined;
  }

  return async (kid, now) => {
    // a clock may have been set back meanwhile, so that both directions count
    const isFresh = known !== undefined && Math.abs(now - known.at) < known.freshMs;
    const found = isFresh ? keysCalled(kid, known!.keys) : [];
    if (found.length > 0) return found;
    const pause = isFresh ? times.unknownKey : times.failure;
    if (Math.abs(now - askedAt) >= pause) fetching ??= refresh(now);
    await fetching;
    if (failure) throw failure;
    return keysCalled(kid, known?.keys ?? []);
  };
}

const accept = "application/jwk-set+json, application/json";

function keysIn(text: string, headers: Headers): Fetched {
  const set = parseJson(text);
  const listed = isRecord(set) ? set["keys"] : undefined;
  if (!Array.isArray(listed)) throw unusable("its answer is no JWK Set");
  if (listed.length > maxKeys) throw unusable(`it has more than ${maxKeys} keys`);
  const keys = listed.filter(isPublic);
  if (keys.length === 0) throw unusable("it has no public key");
  return { keys, freshMs: freshMsOf(headers.get("cache-control")) };
}

/** A set may have keys that nobody here understands, and they are left out (RFC 7517, section 5). */
function isPublic(key: unknown): key is JWK {
  return isRecord(key) && typeof key["kty"] === "string" && key["kty"] !== "oct";
}

function freshMsOf(cacheControl: string | null): number {
  const maxAge = /(?:^|[\s,])max-age=(\d{1,10})(?:$|[\s,])/i.exec(cacheControl ?? "")?.[1];
  if (maxAge === undefined) return times.fresh;
  return Math.min(Math.max(Number(maxAge) * second, times.freshAtLeast), times.freshAtMost);
}

function unusable(why: string): AnswerbackError {
  return new AnswerbackError("keys_away", why);
}
