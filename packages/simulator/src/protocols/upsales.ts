/** Upsales as a sender: it waits 30 s, takes 200, and is not known to send anything twice. */
import { acknowledged, gaveUpAfter, inShort, isSuccess, never, retry } from "../conclusion.ts";
import type { Protocol } from "./protocol.ts";
import { sameBytes } from "./protocol.ts";

/** @see upsales.5 upsales.6 */
export interface UpsalesBehaviour {
  /** How long it waits: ms. The page says 30 s, which is the default. */
  readonly patienceMs?: number;
  /** How often it sends one request. The page knows no second time: default 1. */
  readonly attempts?: number;
  /** ms between attempts, where there are more. The page says nothing; default 60,000. */
  readonly intervalMs?: number;
}

/** @see upsales.5 upsales.6 */
export function upsalesProtocol(behaviour: UpsalesBehaviour = {}): Protocol {
  const { patienceMs = 30_000, attempts = 1, intervalMs = 60_000 } = behaviour;
  return {
    patienceMs,
    again: sameBytes,
    conclude(seen, { attempt }) {
      if (isSuccess(seen)) return acknowledged;
      if (attempts === 1) return never(inShort(seen));
      return attempt < attempts ? retry(intervalMs, attempt + 1, attempts) : gaveUpAfter(attempts);
    },
  };
}
