/** From an error to what the provider is told: a status of its table, a code, and nothing else. */
import type { Refusal } from "../contract/authenticator.ts";
import type { Reply } from "../contract/delivery.ts";
import { AnswerbackError, RetryLater, type ErrorCode } from "../contract/errors.ts";
import type { EncodableEvent } from "../contract/provider-view.ts";
import { asReply, emptyReply, jsonReply } from "../contract/replies.ts";
import { rowOf, type Statuses } from "../contract/statuses.ts";
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

/** The delivery came over plain HTTP (any.15). */
export function httpsRequired(): AnswerbackError {
  return new AnswerbackError(
    "https_required",
    "the delivery came over plain HTTP, and requireHttps is set; where TLS ends at a proxy, let the framework trust it",
  );
}

/** The credentials are not good. `refusal` is how the authenticator wants that told. */
class Unauthorized extends AnswerbackError {
  readonly refusal: Refusal;

  constructor(refusal: Refusal, reason: string | undefined) {
    const why = reason === undefined ? "" : `: ${reason}`;
    super(
      "unauthorized",
      `the delivery has no valid credentials${why}; compare the password or secret that the provider has with the app's`,
    );
    this.refusal = refusal;
  }
}

const unauthorizedBy = new WeakMap<Refusal, Map<string | undefined, Unauthorized>>();
const bare: Refusal = {};

/** An authenticator has a few reasons. One with more words for them than this gets an error for each delivery. */
const mostReasons = 32;

/** The error for every delivery that is refused in this way: always the same, as a stack for each costs more than the rest. */
export function unauthorized(refusal: Refusal = bare, reason?: string): AnswerbackError {
  const known = unauthorizedBy.get(refusal) ?? new Map<string | undefined, Unauthorized>();
  const error = known.get(reason) ?? new Unauthorized(refusal, reason);
  if (known.size < mostReasons) unauthorizedBy.set(refusal, known.set(reason, error));
  return error;
}

/**
 * The reply to a delivery that is refused. All refusals of one kind are alike: a wrong secret in the address shows as
 * little as a wrong password, and of an error only its code.
 */
export function refusal(settings: Settings, error: unknown, event?: EncodableEvent): Reply {
  const code = codeOf(error);
  const { hidden, headers: challenge } = error instanceof Unauthorized ? error.refusal : {};
  const row = hidden ? "hidden" : rowOf(code);
  const close = code === "timeout" || code === "aborted" || code === "too_large";
  const own = inOwnWords(settings, row, { code, error, event });
  if (own) return { ...own, close };
  const status = settings.statuses[row];
  if (status === 404) return emptyReply(404);
  const reply = jsonReply({ code }, status);
  const headers = {
    ...reply.headers,
    ...(status === 401 ? challenge : {}),
    ...(status === 429 || status === 503 ? { "retry-after": String(retryAfter(settings, error)) } : {}),
  };
  return { ...reply, headers, close };
}

/** The refusal as the provider's `refuse` says it. A secret of the URL that is wrong is hidden from it, too (any.36). */
function inOwnWords(
  settings: Settings,
  row: keyof Statuses,
  { code, error, event }: { code: ErrorCode; error: unknown; event: EncodableEvent | undefined },
): Reply | undefined {
  const { provider, name, warn } = settings;
  if (!provider.refuse || row === "hidden") return undefined;
  const isForNow = settings.statuses[row] === 429 || settings.statuses[row] === 503;
  const retryAfterMs = isForNow ? retryAfter(settings, error) * 1_000 : undefined;
  try {
    const reply = provider.refuse(row, { code, retryAfterMs, event });
    return reply && asReply("refuse", reply);
  } catch {
    const message = `${name}: refuse threw, or gave no reply, so the delivery got the usual refusal`;
    warn({ code: "refuse_failed", message });
    return undefined;
  }
}

/** What became of a delivery that is refused for this reason. */
export function outcomeOf(code: ErrorCode): Outcome {
  if (code === "running") return "running";
  return rowOf(code) === "failed" || code === "permanent" || code === "retry_later" ? "failed" : "refused";
}

function retryAfter({ random }: Settings, error: unknown): number {
  const askedMs = error instanceof RetryLater ? error.afterMs : undefined;
  const leaseMs = error instanceof RunningElsewhere ? error.leaseMs : undefined;
  return retryAfterSeconds({ askedMs, leaseMs }, random);
}
