/** What a provider saw of an attempt, what it concluded from it, and how it says so. */

/** What came back of one attempt. */
export type Seen =
  | Answered
  | {
      /** No answer within the provider's patience; the connection broke before the answer was there; there was none at all. */
      readonly kind: "timed out" | "connection lost" | "refused";
      /** From the beginning of the request until this was seen: ms on the clock. */
      readonly tookMs: number;
    };

/** An answer that came in time, as a whole. */
export interface Answered {
  /** It was answered. */
  readonly kind: "answered";
  /** From the beginning of the request until the end of the answer: ms on the clock. */
  readonly tookMs: number;
  /** The HTTP status. */
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body, read as UTF-8. */
  readonly body: string;
}

/** What the provider concluded, in its own terms. */
export interface Conclusion {
  /** About an event: will the provider send it again? About a callback: did the provider take it? */
  readonly kind:
    | "acknowledged"
    | "will retry"
    | "gave up"
    | "will never retry"
    | "callback accepted"
    | "callback refused"
    | "callback lost";
  /** The conclusion as a sentence: `"will retry in 300 s, attempt 2 of 5"`. */
  readonly says: string;
  /** Of "will retry": ms until then. */
  readonly inMs?: number;
}

/** Where an event stands when the provider looks at an answer. */
export interface Progress {
  /** The ordinal of the attempt, from 1. */
  readonly attempt: number;
  /** ms since the first attempt began. */
  readonly sinceMs: number;
}

/** The provider is done with the event. */
export const acknowledged: Conclusion = { kind: "acknowledged", says: "acknowledged" };

/** The provider sends the event again in `inMs`, as the `attempt`th attempt of at most `of`. */
export function retry(inMs: number, attempt: number, of?: number): Conclusion {
  const ordinal = of === undefined ? `attempt ${attempt}` : `attempt ${attempt} of ${of}`;
  return { kind: "will retry", inMs, says: `will retry in ${inWords(inMs)}, ${ordinal}` };
}

/** The provider tried for long enough; `after` in words: `"48 h"`. */
export function gaveUp(after: string): Conclusion {
  return { kind: "gave up", says: `gave up after ${after}` };
}

/** The provider tried often enough. */
export function gaveUpAfter(attempts: number): Conclusion {
  return gaveUp(attempts === 1 ? "1 attempt" : `${attempts} attempts`);
}

/** The provider will not try again; `why` in words: `"400"`. */
export function never(why: string): Conclusion {
  return { kind: "will never retry", says: `will never retry: ${why}` };
}

/** What was seen, in a few words: `"503"`, `"no answer in 30 s"`. */
export function inShort(seen: Seen): string {
  if (seen.kind === "answered") return String(seen.status);
  return seen.kind === "timed out" ? `no answer in ${inWords(seen.tookMs)}` : seen.kind;
}

/** Is it a 2xx? */
export function isSuccess(seen: Seen): boolean {
  return seen.kind === "answered" && seen.status >= 200 && seen.status < 300;
}

/** ms as people say it: `"48 h"`, `"300 s"`, `"12 ms"`. */
export function inWords(ms: number): string {
  if (ms >= 3_600_000 && ms % 3_600_000 === 0) return `${ms / 3_600_000} h`;
  return ms >= 1_000 ? `${Number((ms / 1_000).toFixed(1))} s` : `${Math.round(ms)} ms`;
}
