/** The addresses of deliveries as something to post to: a transport to hand to the receiver, with faults on demand. */
import { aClock, aFunction, optional, readOptions, withDefault } from "@answerback/core/provider";
import type { Clock } from "../lib/clock.ts";
import { virtualClock } from "../lib/clock.ts";
import { parsed } from "../lib/json.ts";
import { realPause } from "../lib/real-pause.ts";
import type { Seen } from "../protocols/conclusion.ts";
import type { AnyDelivery, CallbackRequest, CallbackTerms } from "../protocols/protocol.ts";
import { upsalesProtocol } from "../protocols/upsales.ts";
import type { Address } from "./ledger.ts";
import { address, isOpen, isWaiting, noAddress, unknownAddress, use } from "./ledger.ts";
import type { CallbackFaultPlan, CallbackTransport, CallbackUse } from "./post.ts";
import { answerPost, requestOf } from "./post.ts";

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

/** The providers' side of the callbacks. */
export interface CallbackUrls {
  /** The clock that the faults and the times of the uses are on. */
  readonly clock: Clock;
  /** Hand this to the receiver: the URL stays the provider's own, and nothing leaves the process. */
  readonly transport: CallbackTransport;
  /** All uses so far, accepted, refused or lost. */
  readonly uses: readonly CallbackUse[];
  /** What was last accepted for this address, parsed; text, where it is no JSON; `undefined`: nothing yet. */
  accepted(url: string): unknown;
  /** Was a delivery with this address sent? */
  knows(url: string): boolean;
  /** Does its provider still take something there? */
  isOpen(url: string): boolean;
  /** The delivery that an address came with; `undefined`: none that `play` has sent. */
  deliveryOf(url: string): AnyDelivery | undefined;
  /** For senders: a delivery with this callbackUrl of Upsales goes out. */
  open(url: string): void;
  /** For senders: a 200 with a `callback` came back in time. */
  inline(url: string | undefined, callback: unknown): CallbackUse;
  /** For senders: a delivery goes out, of a provider with these terms. Returns what to call with its answer. */
  sent(delivery: AnyDelivery, terms: CallbackTerms): (seen: Seen, acknowledged: boolean) => void;
  /** Calls `each` with every use from now on. Returns a function that stops it. */
  subscribe(each: (use: CallbackUse) => void): () => void;
}

/**
 * The addresses that come with deliveries, of any provider that has some; each takes what its provider's terms say.
 * Upsales' callbackUrls take one callback, none after an inline one, under 102,400 bytes.
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
  const addresses = new Map<string, Address>();
  const uses: CallbackUse[] = [];
  const posts = new Map<string, number>();
  const listeners = new Set<(use: CallbackUse) => void>();
  const find = (url: string) =>
    addresses.get(url) ?? [...addresses.values()].find((one) => one.terms.covers?.(url, one.url));
  const open = (url: string, terms: CallbackTerms, delivery?: AnyDelivery): Address => {
    const known = addresses.get(url);
    if (known) return known;
    const opened = address(url, terms, { at: clock.now(), ...(delivery ? { delivery } : {}) });
    addresses.set(url, opened);
    return opened;
  };
  const record = (made: Omit<CallbackUse, "at">, at = clock.now()): CallbackUse => {
    const timed = { at, ...made };
    uses.push(timed);
    for (const each of listeners) each(timed);
    return timed;
  };
  const inline = (url: string | undefined, callback: unknown): CallbackUse => {
    const to = url === undefined ? undefined : addresses.get(url);
    const request = inlineRequest(url ?? "", callback);
    const { concluded } = to ? use(to, request, clock.now()) : noAddress();
    return record({ url: url ?? "", how: "inline", body: request.body, concluded });
  };
  return {
    clock,
    uses,
    accepted: (url) => parsedOrText(find(url)?.taken.at(-1)?.body),
    knows: (url) => find(url) !== undefined,
    isOpen: (url) => isOpenAt(find(url)),
    deliveryOf: (url) => find(url)?.delivery,
    open: (url) => void open(url, upsalesTerms),
    inline(url, callback) {
      if (url !== undefined) open(url, upsalesTerms);
      return inline(url, callback);
    },
    sent(delivery, terms) {
      const url = terms.urlOf(delivery);
      const to = url === undefined ? undefined : open(url, terms, delivery);
      if (to) to.waiting++;
      return (seen, acknowledged) => {
        if (to) to.waiting--;
        if (seen.kind !== "answered") return;
        if (to && acknowledged) to.answer ??= seen;
        const callback = terms.inline(seen);
        if (callback !== undefined) inline(url, callback);
      };
    },
    subscribe(each) {
      listeners.add(each);
      return () => void listeners.delete(each);
    },
    async transport(to, init = {}) {
      const url = String(to);
      const post = (posts.get(url) ?? 0) + 1;
      posts.set(url, post);
      init.signal?.throwIfAborted();
      const at = clock.now();
      const judge = (request: CallbackRequest) => judged(find(url), request, at);
      const sent = { request: requestOf(url, init), init, judge, clock };
      return answerPost({ ...sent, record: (made) => record(made, at) }, faults({ url, post }));
    },
  };
}

const upsalesTerms = upsalesProtocol().callback!;

const isOpenAt = (to: Address | undefined) => to !== undefined && isOpen(to);

function judged(to: Address | undefined, request: CallbackRequest, at: number) {
  if (!to) return unknownAddress();
  if (!isWaiting(to)) return use(to, request, at);
  // an answer that left the receiver before the post may still be on its way to the provider
  return realPause(10, () => !isWaiting(to)).then(() => use(to, request, at));
}

function inlineRequest(url: string, callback: unknown): CallbackRequest {
  return { how: "inline", url, method: "", headers: {}, body: JSON.stringify(callback) };
}

function parsedOrText(body: string | undefined): unknown {
  return body === undefined ? undefined : (parsed(body) ?? body);
}
