/** Fetching from an address that a stranger named: only over https, and only out to the public internet. */

import type { LookupAddress } from "node:dns";
import { lookup as systemLookup } from "node:dns/promises";
import { isIP } from "node:net";
import type { SecureContextOptions } from "node:tls";
import { OptionError, type Transport } from "@answerback/core";
import {
  aFunction,
  anything,
  listOf,
  readOptions,
  takesAtMost,
  text,
  wholeNumberIn,
  withDefault,
  type Kind,
} from "@answerback/core/provider";
import { createBlockList } from "./guarded-fetch/addresses.ts";
import { toResponse } from "./guarded-fetch/answer.ts";
import { connect } from "./guarded-fetch/connect.ts";
import { startDeadline } from "./guarded-fetch/deadline.ts";
import { resolve, type Lookup } from "./guarded-fetch/resolve.ts";
import { send } from "./guarded-fetch/send.ts";
import { toTarget } from "./guarded-fetch/target.ts";

/** The longest delay that a Node timer takes, in ms: a longer one would fire at once. It bounds `limit` as well. */
const largest = 2 ** 31 - 1;

/** What {@link createGuardedFetch} takes. Everything has a default. */
export interface GuardedFetchOptions {
  /** From the call to the last byte of the answer, DNS and TLS included: ms. Default 10,000. */
  readonly withinMs?: number | undefined;
  /** How much of the answer's body can be read: bytes as they travel, since nothing is inflated. Default 65,536. */
  readonly limit?: number | undefined;
  /** Addresses to connect to although they are not public, say a proxy of yours. One by one; no ranges. Default none. */
  readonly allow?: readonly string[] | undefined;
  /** Ports that may be connected to beside 443, from 1 to 65,535: `[5678]` for an n8n of your own. Default none. */
  readonly ports?: readonly number[] | undefined;
  /** Certificate authorities to trust in place of Node's own. */
  readonly ca?: SecureContextOptions["ca"];
  /** Finds every address of a host. Default: the operating system, by `dns.lookup`. */
  readonly lookup?: Lookup | undefined;
}

const anAddress: Kind<string> = (option, value) => {
  const address = text(option, value);
  if (isIP(address) !== 0) return address;
  throw new OptionError(
    option,
    "invalid",
    `${JSON.stringify(address)} is not an IP address; name each one, without a range`,
  );
};

/** An empty list is none, as an app that reads its proxies from a file may have it. */
function anyNumberOf<Value>(kind: Kind<Value>): Kind<readonly Value[]> {
  return (option, value) => (Array.isArray(value) && value.length === 0 ? [] : listOf(kind)(option, value));
}

const known = {
  withinMs: withDefault(wholeNumberIn(1, largest), 10_000),
  limit: withDefault(wholeNumberIn(1, largest), 65_536),
  allow: withDefault(anyNumberOf(anAddress), []),
  ports: withDefault(anyNumberOf(wholeNumberIn(1, 65_535)), []),
  ca: anything,
  lookup: withDefault(aFunction, lookupAll),
};

/**
 * A receiver's `transport` that looks where a request really goes. Before a socket is opened it resolves the host, once,
 * and refuses unless *every* address is on the public internet; it connects to what it checked, on port 443, and writes
 * nothing before the certificate proved the host's name. Redirects are handed back, never followed.
 *
 * @throws {@link GuardedFetchError} `ERR_BLOCKED_ADDRESS` and `ERR_NOT_CONNECTED` when surely nothing was sent,
 *   `ERR_NO_ANSWER` when it may have arrived; reading the answer's body, `ERR_NO_ANSWER` and `ERR_ANSWER_TOO_LARGE`.
 *   No message has the URL, a header or the body in it.
 * @example
 * const receiver = createReceiver(upsales(), { authenticate, handle, transport: guardedFetch });
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.17 upsales.17}
 */
export const guardedFetch: Transport = createGuardedFetch();

/**
 * {@link guardedFetch} on other terms.
 *
 * @throws OptionError `unknown` for an option that there is not; `invalid` for a `withinMs` or `limit` that is not a whole
 *   number, and for an entry of `allow` that is not an IP address, or of `ports` that is not a whole number; `out_of_range`
 *   for a number below 1 or above 2,147,483,647, and for a port above 65,535.
 * @example
 * const transport = createGuardedFetch({ allow: ["10.0.0.7"], ca: readFileSync("our-ca.pem") });
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.17 upsales.17}
 */
export function createGuardedFetch(options: GuardedFetchOptions = {}): Transport {
  takesAtMost(1, "createGuardedFetch", arguments);
  const { withinMs, limit, allow, ports, ca, lookup } = readOptions("createGuardedFetch", options, known);
  const blockList = createBlockList(allow);

  return async (url, { method, headers, body, signal }) => {
    const deadline = startDeadline(signal, withinMs);
    try {
      const target = toTarget(url, ports);
      const found = await resolve(target.hostname, { lookup, allow }, deadline.signal);
      const socket = await connect(target, { addresses: found, blockList, ca }, deadline.signal);
      const answer = await send(target, { method, headers, body }, { socket, signal: deadline.signal });
      answer.once("close", deadline.end);
      return toResponse(answer, limit);
    } catch (error) {
      deadline.end();
      throw error;
    }
  };
}

function lookupAll(hostname: string): Promise<LookupAddress[]> {
  return systemLookup(hostname, { all: true });
}
