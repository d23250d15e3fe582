/** From a host to the addresses that may be connected to. */

import { isForbidden } from "./addresses.ts";
import { GuardedFetchError, notConnected } from "./errors.ts";

/** Finds every address of a host; rejects, or answers with an empty list, when it has none. */
export type Lookup = (hostname: string) => Promise<readonly { readonly address: string }[]>;

/** How to find addresses, and which to take although they are forbidden. */
export interface Resolving {
  /** Finds every address of a host. */
  readonly lookup: Lookup;
  /** The addresses to take although they are not public. */
  readonly allow: readonly string[];
}

/**
 * Every address of the host, each of them checked. One that is forbidden spoils all: whoever has that name put it there
 * on purpose, or should look at it first.
 *
 * @throws GuardedFetchError `ERR_BLOCKED_ADDRESS`, or `ERR_NOT_CONNECTED` when there is no address, or not in time.
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.17 upsales.17}
 */
export async function resolve(
  hostname: string,
  { lookup, allow }: Resolving,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const addresses = await lookUp(hostname, lookup, signal);
  if (addresses.length === 0) throw notConnected(new Error("the host has no address"));
  if (addresses.some((address) => !allow.includes(address) && isForbidden(address))) {
    const message =
      "the host has an address that is not on the public internet; if it is yours, name it in allow";
    throw new GuardedFetchError("ERR_BLOCKED_ADDRESS", message);
  }
  return addresses;
}

async function lookUp(hostname: string, lookup: Lookup, signal: AbortSignal): Promise<readonly string[]> {
  try {
    signal.throwIfAborted();
    const found = await Promise.race([lookup(hostname), aborted(signal)]);
    return found.map(({ address }) => address);
  } catch (cause) {
    throw notConnected(cause);
  }
}

/** A lookup of the operating system cannot be called off, but it can be left alone. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
