/**
 * Every rule about waiting, as pure functions over one table of times. A delivery in time:
 *
 * ```
 * head arrives      answerWithin              patience − headroom   patience       patience + surelyGone
 *   │                    │                             │               │                     │
 *   ├── claim, run ──────┼── the handler goes on ──────┼───────────────┼─────────────────────┤
 *   │                    │                             │               │                     │
 *   │ answered inline    │ accepted: acknowledged,     │ not accepted: │ hung up: no reply   │ surely gone: a callback
 *   │                    │ then ours to finish         │ 503           │ reaches it          │ whose fate nobody told is due
 * ```
 *
 * An event is accepted where nothing is lost by it ({@link mayAccept}); else its delivery waits for the handler until
 * the provider must be told, a headroom before its patience ends, to come again.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.11 any.11}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.6 upsales.6}
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.8 upsales.8}
 */
import { toMs, type Duration } from "../contract/duration.ts";

type DefaultTime =
  | "patience"
  | "handleWithin"
  | "retention"
  | "keepDead"
  | "retryFor"
  | "bodyWithin"
  | "backendWithin"
  | "callbackRetryFor"
  | "closeWithin";

/** What holds where neither the options nor the provider say otherwise. */
export const defaultTimes: Readonly<Record<DefaultTime, Duration>> = {
  /** How long a provider waits for a reply. */
  patience: "60s",
  /** One run of the handler. */
  handleWithin: "1h",
  /** How long an event key is remembered. */
  retention: "7d",
  /** How long a dead letter is kept. */
  keepDead: "30d",
  /** How long an accepted event that fails is run again, where the provider has no retries to stand in for. */
  retryFor: "24h",
  /** From the head to the last byte of the body. */
  bodyWithin: "10s",
  /** One verb of the backend. */
  backendWithin: "2s",
  /** How long a callback that did not come through is tried again. */
  callbackRetryFor: "24h",
  /** How long `close` waits for what runs. */
  closeWithin: "10s",
};

/** The life cycle's own times: ms. */
export const times = {
  /** How long a lease lasts without a renewal. A process that died is taken over after it. */
  lease: 60_000,
  /** A lease is renewed after this long. */
  renewal: 30_000,
  /** A renewal that failed is tried again after this long. */
  renewalAgain: 5_000,
  /** How long before its patience ends a provider is told to come again, so that the answer still reaches it. */
  headroom: 1_000,
  /** How long after its patience the provider has surely hung up. */
  surelyGone: 5_000,
  /** One attempt of a post. */
  post: 10_000,
  /** An opening of the backend that failed is tried again after this long, where nobody but a worker asks. */
  openAgain: 1_000,
  /** A commit whose fate is unknown is looked up this often. */
  lookUpAgain: 1_000,
  /** A run that waits for its entity looks this often whether another process is done with it. */
  entityAgain: 250,
  /** A reply that nobody can follow has gone after this long. */
  unfollowedReply: 1_000,
  /** A receiver that closes waits so long for the replies that go out, before it gives back what may be posted after them. */
  lastReply: 500,
  /** An answer that came before its acknowledgement had gone looks this often whether it has. */
  replyAgain: 250,
  /** Without `onError`, what goes wrong with the same code is told again after this long. */
  tellAgain: 60_000,
  /** A receiver compares itself again with the others of its name after this long. */
  compareAgain: 86_400_000,
  /** A receiver looks this often whether another process paused it, or resumed it. */
  pausesAgain: 2_000,
  /** While nothing is paused it looks this often whether a process that died has left something that waits. */
  leftPausedAgain: 60_000,
  /** An accepted event without a handler here is left to other processes for this long. */
  noHandler: 30_000,
  /** What is kept for ever is kept for a thousand years. */
  forEver: 31_557_600_000_000,
} as const;

/**
 * How long after its head a delivery is acknowledged where the options do not say: ms. What the provider says, else 5 s,
 * at most half of what the provider waits.
 */
export function usualAnswerWithinMs(answerWithin: Duration | undefined, patienceMs: number): number {
  return answerWithin === undefined ? Math.min(5_000, patienceMs / 2) : toMs(answerWithin, "answerWithin");
}

/** The bounds between which the waiting for another attempt grows: ms. */
const backoff = {
  /** A save that the backend gave no answer to. */
  save: { least: 200, most: 5_000 },
  /** An accepted event whose run failed. */
  run: { least: 5_000, most: 3_600_000 },
  /** An accepted event whose entity is busy. */
  entity: { least: 500, most: 10_000 },
  /** A post that did not come through. */
  post: { least: 5_000, most: 3_600_000 },
} as const;

/** What decides whether, and when, an event is acknowledged before it is handled. */
export interface AcceptTerms {
  /** Does the backend outlive this process? */
  readonly durable: boolean;
  /** Does the provider send again by itself? */
  readonly retries: boolean;
  /** Was `answerWithin` written out? */
  readonly answerWithinSet: boolean;
}

/**
 * May an event be acknowledged before it is handled? Yes, unless a restart would lose an event that the provider would
 * have sent again. Whoever writes `answerWithin` out accepts that loss.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.11 any.11}
 */
export function mayAccept({ durable, retries, answerWithinSet }: AcceptTerms): boolean {
  return durable || !retries || answerWithinSet;
}

/** How long a delivery waits for its reply: ms from its head. Where late events are accepted, that comes first. */
export function waitMs(
  accepts: boolean,
  { patienceMs, answerWithinMs }: { readonly patienceMs: number; readonly answerWithinMs: number },
): number {
  return accepts ? patienceMs : Math.max(patienceMs - times.headroom, answerWithinMs);
}

/** How long something is kept: ms; `undefined` where that is for ever. */
export function keptForMs(ms: number): number | undefined {
  return ms < times.forEver / 2 ? ms : undefined;
}

/** How long it may take from now until the provider has surely hung up: ms. */
export function graceMs(hangsUpAt: number, now: number): number {
  return Math.max(hangsUpAt + times.surelyGone - now, 0);
}

/** When a save without an answer is tried again: ms. */
export function saveAgainMs(tries: number): number {
  return Math.min(backoff.save.least * 2 ** tries, backoff.save.most);
}

/** A run that failed. */
export interface FailedRun {
  /** Its ordinal, from 1. */
  readonly attempts: number;
  /** How long its event has been ours to handle: ms. */
  readonly ageMs: number;
  /** What the handler asked for: ms. */
  readonly askedMs: number | undefined;
  /** How long an event that fails is run again: ms. */
  readonly retryForMs: number;
}

/**
 * When a failed run is tried again: ms. What the handler asked for, else doubling, half to all of it; the last time when the
 * time for retries ends. `undefined`: it has ended.
 */
export function runAgainMs(
  { attempts, ageMs, askedMs, retryForMs }: FailedRun,
  random: () => number,
): number | undefined {
  const leftMs = retryForMs - ageMs;
  if (leftMs <= 0) return undefined;
  const doubled = clamp(backoff.run.least * 2 ** (attempts - 1), backoff.run);
  return Math.min(askedMs ?? doubled * (0.5 + random() / 2), leftMs);
}

/** When an event whose entity is busy is tried again: ms. The older it is, the less often it asks the engine. */
export function entityAgainMs(ageMs: number, random: () => number): number {
  return clamp(ageMs / 10, backoff.entity) * (0.5 + random());
}

/** A callback that did not come through. */
export interface UnpostedCallback {
  /** How long it has been due: ms. */
  readonly ageMs: number;
  /** What the provider asked for with `Retry-After`: ms. */
  readonly askedMs: number | undefined;
  /** How long it may still be tried: ms. */
  readonly leftMs: number;
}

/** When a post is tried again: ms, half to all of the time that it has been due; `undefined`: its time ends first. */
export function postAgainMs(
  { ageMs, askedMs = 0, leftMs }: UnpostedCallback,
  random: () => number,
): number | undefined {
  const delayMs = Math.max(askedMs, clamp(ageMs, backoff.post) * (0.5 + random() / 2));
  return delayMs > leftMs ? undefined : delayMs;
}

/** What `Retry-After` says, in seconds: what the handler asked for, else the rest of another process's lease, else a few. */
export function retryAfterSeconds(
  { askedMs, leaseMs }: { readonly askedMs?: number | undefined; readonly leaseMs?: number | undefined },
  random: () => number,
): number {
  if (askedMs !== undefined) return Math.ceil(askedMs / 1_000);
  if (leaseMs !== undefined) return Math.min(Math.max(Math.ceil(leaseMs / 1_000), 1), 30);
  return 3 + Math.round(random() * 4);
}

function clamp(ms: number, { least, most }: { readonly least: number; readonly most: number }): number {
  return Math.min(Math.max(ms, least), most);
}
