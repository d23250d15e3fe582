/** Upsales' callbackUrls as something to post to: a transport to hand to the receiver, with faults on demand. */
import { aClock, aFunction, optional, readOptions, withDefault } from "@answerback/core/provider";
import type { Clock } from "../lib/clock.ts";
import { virtualClock } from "../lib/clock.ts";
import { callbackLedger } from "./ledger.ts";
import type { CallbackFaultPlan, CallbackTransport, CallbackUse } from "./post.ts";
import { answerPost } from "./post.ts";

/**
 * What `callbackUrls` takes.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.8 upsales.8}
 */
export interface CallbackUrlsOptions {
  /** Default: a new `virtualClock()`, on which `play` goes on. */
  readonly clock?: Clock;
  /** What goes wrong with the posts. Default: nothing. */
  readonly faults?: CallbackFaultPlan;
}

/** Upsales' side of the callbacks. */
export interface CallbackUrls {
  /** The clock that the faults and the times of the uses are on. */
  readonly clock: Clock;
  /** Hand this to the receiver: the URL stays an upsales.com one, and nothing leaves the process. */
  readonly transport: CallbackTransport;
  /** All uses so far, accepted, refused or lost. */
  readonly uses: readonly CallbackUse[];
  /** What was accepted for this URL, parsed; `undefined`: nothing yet. */
  accepted(url: string): unknown;
  /** Was a delivery with this URL sent? */
  knows(url: string): boolean;
  /** For senders: a delivery with this URL goes out. */
  open(url: string): void;
  /** For senders: a 200 with a `callback` came back in time. */
  inline(url: string | undefined, callback: unknown): CallbackUse;
  /** Calls `each` with every use from now on. Returns a function that stops it. */
  subscribe(each: (use: CallbackUse) => void): () => void;
}

/**
 * Upsales' callbackUrls: each takes one callback, none after an inline one, under 102,400 bytes.
 *
 * @throws OptionError for a mistake in the options.
 * @example
 * const callbacks = callbackUrls();
 * const receiver = createReceiver(upsales(), { transport: callbacks.transport, … });
 * await play(app, deliveries.upsales.orderInsert(), { callbacks });
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.7 upsales.7}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.8 upsales.8}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.10 upsales.10}
 */
export function callbackUrls(options: CallbackUrlsOptions = {}): CallbackUrls {
  const { clock = virtualClock(), faults } = readOptions("callbackUrls", options, {
    clock: optional(aClock),
    faults: withDefault(aFunction, () => undefined),
  });
  const ledger = callbackLedger();
  const uses: CallbackUse[] = [];
  const posts = new Map<string, number>();
  const listeners = new Set<(use: CallbackUse) => void>();
  const record = (use: Omit<CallbackUse, "at">): CallbackUse => {
    const timed = { at: clock.now(), ...use };
    uses.push(timed);
    for (const each of listeners) each(timed);
    return timed;
  };
  return {
    clock,
    uses,
    accepted: (url) => ledger.accepted(url),
    knows: (url) => ledger.knows(url),
    open: (url) => ledger.open(url),
    inline: (url, callback) =>
      record({
        url: url ?? "",
        how: "inline",
        body: JSON.stringify(callback),
        concluded: ledger.inline(url, callback),
      }),
    subscribe(each) {
      listeners.add(each);
      return () => void listeners.delete(each);
    },
    async transport(to, init = {}) {
      const url = String(to);
      const post = (posts.get(url) ?? 0) + 1;
      posts.set(url, post);
      init.signal?.throwIfAborted();
      return answerPost({ url, init, ledger, record, clock }, faults({ url, post }));
    },
  };
}
