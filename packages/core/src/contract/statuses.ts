/** The table of answers: which HTTP status tells a provider what became of its delivery. */
import type { ErrorCode } from "./errors.ts";

/** The rows of a provider's table of answers, each an HTTP status. A provider is never sent a status outside its table. */
export interface Statuses {
  /** The event was handled, is a duplicate, or has no handler. Default 200. */
  readonly handled: number;
  /** The event is acknowledged, and handled later. Default: the same as `handled`. */
  readonly accepted: number;
  /** The credentials are absent, wrong or ambiguous. Default 401. */
  readonly unauthorized: number;
  /** The secret in the URL is wrong; answered as if nothing were here. Default 404. */
  readonly hidden: number;
  /** The delivery came over plain HTTP, and `requireHttps` is set. Default 403. */
  readonly https_required: number;
  /** The body is not what the provider sends. Default 400. */
  readonly malformed: number;
  /** The body is larger than `bodyLimit`. Default 413. */
  readonly too_large: number;
  /** The body has a media type, charset or content coding that the provider does not use. Default 415. */
  readonly unsupported_media_type: number;
  /** The body was not there in time, or broke off. Default 408. */
  readonly timeout: number;
  /** The handler threw `PermanentError`: the provider must not send the event again. Default 200. */
  readonly permanent: number;
  /** The handler threw `RetryLater`. Default 503. */
  readonly retry_later: number;
  /** The handler threw any other error, or the failure is ours. Default 500. */
  readonly failed: number;
  /** More deliveries, or bytes of bodies, at a time than the receiver takes. Default 429. */
  readonly overloaded: number;
  /** The event is being handled, the receiver is closing, or the backend or the keys are away. Default 503. */
  readonly unavailable: number;
}

/** The table that most providers expect; a provider states its differences. */
export const defaultStatuses: Statuses = {
  handled: 200,
  accepted: 200,
  unauthorized: 401,
  hidden: 404,
  https_required: 403,
  malformed: 400,
  too_large: 413,
  unsupported_media_type: 415,
  timeout: 408,
  permanent: 200,
  retry_later: 503,
  failed: 500,
  overloaded: 429,
  unavailable: 503,
};

/** The table of a provider: what it states, and the default for the rest. */
export function statusesOf(stated: Partial<Statuses> = {}): Statuses {
  const { handled = defaultStatuses.handled } = stated;
  return { ...defaultStatuses, accepted: handled, ...stated };
}

const rows: Partial<Record<ErrorCode, keyof Statuses>> = {
  unauthorized: "unauthorized",
  https_required: "https_required",
  malformed: "malformed",
  too_large: "too_large",
  unsupported_media_type: "unsupported_media_type",
  timeout: "timeout",
  aborted: "timeout",
  permanent: "permanent",
  retry_later: "retry_later",
  overloaded: "overloaded",
  running: "unavailable",
  closing: "unavailable",
  backend_away: "unavailable",
  keys_away: "unavailable",
  paused: "unavailable",
  backend_full: "unavailable",
  lease_lost: "unavailable",
};

/** The row of the table for an error. A code without a row of its own is our failure. */
export function rowOf(code: ErrorCode): keyof Statuses {
  return rows[code] ?? "failed";
}
