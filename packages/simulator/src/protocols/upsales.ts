/** Upsales as a sender: it waits 30 s, takes 200, and is not known to send anything twice. */
import { readOptions, wholeNumber, withDefault } from "@answerback/core/provider";
import { ms } from "../lib/numbers.ts";
import type { Protocol } from "./protocol.ts";
import { protocolOf } from "./terms.ts";
import { upsalesCallback } from "./upsales-callback.ts";

/**
 * How Upsales sends, where its page leaves it open.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.5 upsales.5}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.6 upsales.6}
 */
export interface UpsalesBehaviour {
  /** How long Upsales waits for the whole answer: ms. The page says 30 s, which is the default. */
  readonly patienceMs?: number;
  /** How often Upsales sends one request. The page knows no second time: default 1. */
  readonly attempts?: number;
  /** ms between attempts, where `attempts` is above 1. The page says nothing; default 60,000. */
  readonly intervalMs?: number;
}

/**
 * The sending side of Upsales.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.5 upsales.5}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.6 upsales.6}
 */
export function upsalesProtocol(behaviour: UpsalesBehaviour = {}): Protocol {
  const { patienceMs, attempts, intervalMs } = readOptions("upsales", behaviour, {
    patienceMs: withDefault(ms, 30_000),
    attempts: withDefault(wholeNumber, 1),
    intervalMs: withDefault(ms, 60_000),
  });
  const again = Array.from({ length: attempts - 1 }, () => `${intervalMs}ms` as const);
  return protocolOf({
    patience: `${patienceMs}ms`,
    ...(attempts > 1 ? { retries: again } : {}),
    callback: upsalesCallback,
  });
}
