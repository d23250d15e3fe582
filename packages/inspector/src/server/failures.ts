/** What went wrong, as the page is told: a receiver's own code and sentence, and of anything else nothing. */
import { isAnswerbackError, OptionError } from "@answerback/core";
import type { Settings } from "../options.ts";

/** What went wrong. */
export interface Said {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** The page asks for what is not there. */
export class NotFound extends Error {
  readonly code = "not_found";
}

/** The page gives an order that nobody can read. */
export class NoOrder extends Error {
  readonly code = "no_order";
}

const statuses: Readonly<Record<string, number>> = {
  not_found: 404,
  unknown_key: 404,
  wrong_state: 409,
  backend_away: 503,
  closing: 503,
};

/** An error as the page is told it. One that is none of ours may hold a secret, so that the app is told it alone. */
export function said(error: unknown, { warn }: Pick<Settings, "warn">): Said {
  if (error instanceof NotFound || isAnswerbackError(error))
    return { status: statuses[error.code] ?? 500, code: error.code, message: error.message };
  if (error instanceof NoOrder || error instanceof OptionError)
    return { status: 400, code: error.code, message: error.message };
  warn({ code: "inspector_failed", message: `inspector: ${String(error)}` });
  return { status: 500, code: "failed", message: "it failed; the app was told why" };
}
