/** From an error to the reply that tells the provider: a status of its table, a code, and nothing else. */
import type { Refusal } from "../../authenticators/authenticator.ts";
import type { Reply } from "../../delivery.ts";
import { AnswerbackError, RetryLater, type ErrorCode } from "../../errors.ts";
import { emptyReply, jsonReply } from "../../replies.ts";
import { rowOf } from "../../statuses.ts";
import type { Outcome } from "../observe.ts";
import { asOurs, codeOf } from "../thrown.ts";
import type { Runtime } from "../runtime.ts";

/** Another process handles the event. */
export class RunningElsewhere extends AnswerbackError {
  /** What is left of its lease: ms. */
  readonly leftMs: number;

  constructor(leftMs: number) {
    super("running", "the event is being handled in another process");
    this.leftMs = leftMs;
  }
}

/** The credentials are not good, and how to say so. */
export class Unauthorized extends AnswerbackError {
  readonly refusal: Refusal;

  constructor(refusal: Refusal = {}) {
    super("unauthorized", "no valid credentials");
    this.refusal = refusal;
  }
}

/** The reply to a delivery that is refused. All refusals of one kind are alike. */
export function refusal(runtime: Runtime, error: unknown): Reply {
  const code = codeOf(error);
  const { hidden, headers: challenge } = error instanceof Unauthorized ? error.refusal : {};
  const row = hidden ? "hidden" : rowOf(code);
  const status = runtime.statuses[row];
  if (status === 404) return emptyReply(404);
  const retryAfter =
    status === 429 || status === 503 ? { "retry-after": String(secondsUntilRetry(runtime, error)) } : {};
  const reply = jsonReply({ code }, status);
  const close = code === "timeout" || code === "aborted" || code === "too_large";
  return {
    ...reply,
    headers: { ...reply.headers, ...(status === 401 ? challenge : {}), ...retryAfter },
    close,
  };
}

/** What became of a delivery that is refused for this reason. */
export function outcomeOf(code: ErrorCode): Outcome {
  if (code === "running") return "running";
  return rowOf(code) === "failed" || code === "permanent" || code === "retry_later" ? "failed" : "refused";
}

/** A wrong secret in the address and a wrong password are both nobody's business: only the code of an error of ours is said. */
function secondsUntilRetry({ random }: Runtime, error: unknown): number {
  if (error instanceof RetryLater && error.afterMs !== undefined) return Math.ceil(error.afterMs / 1_000);
  if (error instanceof RunningElsewhere) return Math.min(Math.max(Math.ceil(error.leftMs / 1_000), 1), 30);
  return 3 + Math.round(random() * 4);
}

/** The error itself if it says so, else one that hides it: whatever `decode` throws means the same. */
export function asMalformed(error: unknown): AnswerbackError {
  const ours = asOurs(error);
  if (rowOf(ours.code) === "malformed") return ours;
  return new AnswerbackError("malformed", "the body is not what the provider sends", { cause: error });
}
