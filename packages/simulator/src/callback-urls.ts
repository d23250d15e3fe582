/** Upsales' callbackUrls as something to post to: a transport to hand to the receiver, with faults on demand. */
import type { CallbackLedger } from "./callback-ledger.ts";
import { callbackLedger } from "./callback-ledger.ts";
import type { Clock } from "./clock.ts";
import { virtualClock } from "./clock.ts";
import type { Conclusion } from "./conclusion.ts";
import type { CallbackFault, CallbackFaultPlan } from "./faults.ts";

/** How a callback is posted: the arguments of `fetch`, as core's `transport` option has them. */
export type CallbackTransport = (url: string | URL, init?: TransportInit) => Promise<Response>;

/** What `fetch` takes, as far as it matters here. */
export interface TransportInit {
  readonly method?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | Headers | [string, string][] | undefined;
  readonly body?: string | undefined;
  readonly redirect?: "follow" | "manual" | "error" | undefined;
  readonly signal?: AbortSignal | null | undefined;
}

/** Something that reached a callbackUrl, or was meant to. */
export interface CallbackUse {
  /** ms on the clock. */
  readonly at: number;
  readonly url: string;
  readonly how: "inline" | "posted";
  readonly body: string;
  readonly fault?: CallbackFault;
  readonly concluded: Conclusion;
}

/** @see upsales.8 */
export interface CallbackUrlsOptions {
  /** Default: a new `virtualClock()`, on which `play` goes on. */
  readonly clock?: Clock;
  /** What goes wrong with the posts. Default: nothing. */
  readonly faults?: CallbackFaultPlan;
}

/** Upsales' side of the callbacks. */
export interface CallbackUrls {
  readonly clock: Clock;
  /** Hand this to the receiver: the URL stays an upsales.com one, and nothing leaves the process. */
  readonly transport: CallbackTransport;
  /** All uses so far, accepted or refused. */
  readonly uses: readonly CallbackUse[];
  /** What was accepted for this URL; `undefined`: nothing yet. */
  accepted(url: string): unknown;
  /** Is there such a URL? */
  knows(url: string): boolean;
  /** For senders: a delivery with this URL goes out. */
  open(url: string): void;
  /** For senders: a 200 with a `callback` came back in time. */
  inline(url: string | undefined, callback: unknown): CallbackUse;
  /** Calls `each` with every use from now on. Returns the way to stop it. */
  subscribe(each: (use: CallbackUse) => void): () => void;
}

/**
 * Upsales' callbackUrls: each takes one callback, none after an inline one, under 102,400 bytes.
 *
 * @example
 * const callbacks = callbackUrls();
 * const receiver = createReceiver(upsales(), { transport: callbacks.transport, … });
 * await play(app, deliveries.upsales.orderInsert(), { callbacks });
 * @see upsales.7 upsales.8 upsales.10
 */
export function callbackUrls({
  clock = virtualClock(),
  faults = () => undefined,
}: CallbackUrlsOptions = {}): CallbackUrls {
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

interface Post {
  readonly url: string;
  readonly init: TransportInit;
  readonly ledger: CallbackLedger;
  readonly record: (use: Omit<CallbackUse, "at">) => CallbackUse;
  readonly clock: Clock;
}

async function answerPost(post: Post, fault: CallbackFault | undefined): Promise<Response> {
  const { url, init, ledger, record, clock } = post;
  const { body = "" } = init;
  const note = (concluded: Conclusion) =>
    record({ url, how: "posted", body, concluded, ...(fault ? { fault } : {}) });
  if (fault?.kind === "drop request") {
    note(lost("it never arrived"));
    throw new TypeError("fetch failed", { cause: coded("ECONNREFUSED") });
  }
  if (fault?.kind === "status") {
    note(lost(followed(fault, init) ?? `answered ${fault.status}`));
    return new Response(null, { status: fault.status, headers: fault.headers ?? {} });
  }
  const { status, concluded } = ledger.request(url, requestOf(init, body));
  note(concluded);
  if (fault?.kind === "drop response") throw new TypeError("fetch failed", { cause: coded("ECONNRESET") });
  if (fault) await silence(clock, fault.kind === "late" ? fault.byMs : undefined, init.signal);
  return Response.json(concluded.says, { status });
}

/** Where a receiver that follows redirects would have gone with its callback. @see upsales.17 */
function followed(fault: CallbackFault & { kind: "status" }, init: TransportInit): string | undefined {
  const to = fault.headers?.["location"];
  if (to === undefined || init.redirect === "manual" || init.redirect === "error") return undefined;
  return `followed a redirect to ${to}`;
}

function requestOf(init: TransportInit, body: string): { method: string; contentType: string; body: string } {
  const headers = new Headers(init.headers ?? {});
  return { method: init.method ?? "GET", contentType: headers.get("content-type") ?? "", body };
}

/** Resolves after `ms`, or never; rejects as `fetch` does when the signal aborts. */
function silence(
  clock: Clock,
  ms: number | undefined,
  signal: AbortSignal | null | undefined,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const calledOff = ms === undefined ? () => {} : clock.after(ms, resolve);
    signal?.addEventListener("abort", () => {
      calledOff();
      reject(signal.reason);
    });
  });
}

const lost = (why: string): Conclusion => ({ kind: "callback lost", says: `callback lost: ${why}` });
const coded = (code: string) => Object.assign(new Error(code), { code });
