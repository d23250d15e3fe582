/** From an error to what the provider is told: a status of its table, a code, and nothing else. */
import type { Refusal } from "../contract/authenticator.ts";
import type { Reply } from "../contract/delivery.ts";
import { AnswerbackError, RetryLater, type ErrorCode } from "../contract/errors.ts";
import { emptyReply, jsonReply } from "../contract/replies.ts";
import { rowOf } from "../contract/statuses.ts";
import type { Outcome } from "./observe.ts";
import { retryAfterSeconds } from "./patience.ts";
import type { Settings } from "./settings.ts";
import { codeOf } from "./thrown.ts";

/** Another process handles the event. */
export class RunningElsewhere extends AnswerbackError {
  /** What is left of its lease: ms. */
  readonly leaseMs: number;

  constructor(leaseMs: number) {
    super("running", "the event is being handled in another process");
    this.leaseMs = leaseMs;
  }
}

/** The credentials are not good. `refusal` is how the authenticator wants that told. */
class Unauthorized extends AnswerbackError {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(
      "unauthorized",
      "the delivery has no valid credentials; compare what the provider has with the option authenticate",
    );
    this.refusal = refusal;
  }
}

const unauthorizedBy = new WeakMap<Refusal, Unauthorized>();
const bare: Refusal = {};

/** The error for every delivery that is refused in this way: always the same, as a stack for each costs more than the rest. */
export function unauthorized(refusal: Refusal = bare): AnswerbackError {
  const error = unauthorizedBy.get(refusal) ?? new Unauthorized(refusal);
  unauthorizedBy.set(refusal, error);
  return error;
}

/**
 * The reply to a delivery that is refused. All refusals of one kind are alike: a wrong secret in the address shows as
 * little as a wrong password, and of an error only its code.
 */
export function refusal(settings: Settings, error: unknown): Reply {
  const code = codeOf(error);
  const { hidden, headers: challenge } = error instanceof Unauthorized ? error.refusal : {};
  const row = hidden ? "hidden" : rowOf(code);
  const status = settings.statuses[row];
  if (status === 404) return emptyReply(404);
  const reply = jsonReply({ code }, status);
  const headers = {
    ...reply.headers,
    ...(status === 401 ? challenge : {}),
    ...(status === 429 || status === 503 ? { "retry-after": retryAfter(settings, error) } : {}),
  };
  return { ...reply, headers, close: code === "timeout" || code === "aborted" || code === "too_large" };
}

/** What became of a delivery that is refused for this reason. */
export function outcomeOf(code: ErrorCode): Outcome {
  if (code === "running") return "running";
  return rowOf(code) === "failed" || code === "permanent" || code === "retry_later" ? "failed" : "refused";
}

function retryAfter({ random }: Settings, error: unknown): string {
  const askedMs = error instanceof RetryLater ? error.afterMs : undefined;
  const leaseMs = error instanceof RunningElsewhere ? error.leaseMs : undefined;
  return String(retryAfterSeconds({ askedMs, leaseMs }, random));
}
