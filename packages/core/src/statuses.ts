/** Which HTTP status tells a provider what became of its delivery. */
import type { ErrorCode } from "./errors.ts";

/** The rows of the provider's table of answers. Nothing outside its statuses is ever sent. */
export interface Statuses {
  /** Handled, accepted, a duplicate of either, or an event that nobody asked for. */
  readonly handled: number;
  readonly unauthorized: number;
  /** A wrong URL secret: as if nothing were here. */
  readonly hidden: number;
  readonly https_required: number;
  readonly malformed: number;
  readonly too_large: number;
  readonly unsupported_media_type: number;
  /** The body did not come in time, or broke off. */
  readonly timeout: number;
  readonly permanent: number;
  readonly retry_later: number;
  readonly failed: number;
  readonly overloaded: number;
  /** Running elsewhere, closing, the backend away. */
  readonly unavailable: number;
}

/** What most providers expect; a provider states its differences. */
export const defaultStatuses: Statuses = {
  handled: 200,
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

const rows: Partial<Record<ErrorCode, keyof Statuses>> = {
  unauthorized: "unauthorized",
  https_required: "https_required",
  malformed: "malformed",
  callback_url_refused: "malformed",
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
  backend_full: "unavailable",
  lease_lost: "unavailable",
};

/** The row of the table for an error; any that has none of its own is our fault. */
export function rowOf(code: ErrorCode): keyof Statuses {
  return rows[code] ?? "failed";
}
