/** One use of a callback address: the post is sent once, under a deadline, and its answer is judged. */
import { AnswerbackError, type ErrorCode } from "../../contract/errors.ts";
import type { Post } from "../../contract/provider.ts";
import { timedOut, withTimeout } from "../../lib/timeout.ts";
import { times } from "../patience.ts";
import type { Runtime } from "../runtime.ts";
import { asOurs } from "../thrown.ts";
import { checkPost } from "./address.ts";

/** What one attempt came to. */
export type Verdict =
  | { readonly outcome: "accepted"; readonly status: number }
  | { readonly outcome: "refused"; readonly status: number }
  /** The provider's terms forbid it; nothing was sent. */
  | { readonly outcome: "forbidden"; readonly error: AnswerbackError; readonly status?: never }
  /** `mayHaveArrived`: the provider may have used it all the same. `askedMs`: what its `Retry-After` said. */
  | {
      readonly outcome: "failed";
      readonly mayHaveArrived: boolean;
      readonly status?: number;
      readonly askedMs?: number;
      /** What the transport threw. */
      readonly cause?: unknown;
    };

/** Sends a post once. Never rejects. */
export async function sendPost(runtime: Runtime, post: Post): Promise<Verdict> {
  const aborter = new AbortController();
  const abort = () => aborter.abort();
  const stopListening = runtime.shutdown.onAbort(abort);
  try {
    const { url, headers, body } = checkPost(runtime.provider, post);
    if (runtime.shutdown.isAborted) return { outcome: "failed", mayHaveArrived: false };
    const init = {
      method: "POST",
      headers: { ...headers },
      body,
      redirect: "manual",
      signal: aborter.signal,
    } as const;
    const response = await withTimeout(runtime.transport(url, init), times.post, runtime.clock);
    if (response === timedOut) return { outcome: "failed", mayHaveArrived: true };
    const verdict = judge(response, runtime.clock.now());
    discardBody(response);
    return verdict;
  } catch (error) {
    const ours = asOurs(error);
    if (forbidding.has(ours.code)) return { outcome: "forbidden", error: ours };
    return { outcome: "failed", mayHaveArrived: !isSurelyUnsent(error), cause: error };
  } finally {
    abort();
    stopListening();
  }
}

/** The codes of the provider's terms, which the transport may check as well. */
const forbidding = new Set<ErrorCode>(["callback_url_refused", "callback_too_large", "invalid_answer"]);

/** The status says it all, so the body is not read. */
function discardBody({ body }: Response): void {
  void (async () => body?.cancel())().catch(() => {});
}

function judge({ status, headers }: Response, now: number): Verdict {
  if (status >= 200 && status < 300) return { outcome: "accepted", status };
  const isForNow = status === 429 || status === 408 || status >= 500;
  if (!isForNow) return { outcome: "refused", status };
  const mayHaveArrived = status !== 429;
  return { outcome: "failed", mayHaveArrived, status, ...retryAfter(headers.get("retry-after"), now) };
}

/** Seconds or a date (RFC 9110, section 10.2.3). */
function retryAfter(value: string | null, now: number): { askedMs?: number } {
  if (!value) return {};
  const askedMs = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - now;
  return askedMs > 0 ? { askedMs } : {};
}

const unsent =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|ERR_BLOCKED_ADDRESS|ERR_NOT_CONNECTED|CERT_.*|ERR_TLS_.*|.*_CERT.*)$/;

function isSurelyUnsent(error: unknown): boolean {
  try {
    const { code, cause } = Object(error) as { code?: unknown; cause?: { code?: unknown } };
    // a transport with a code of its own knows better than what lies under it
    const known = code ?? cause?.code;
    return typeof known === "string" && unsent.test(known);
  } catch {
    return false;
  }
}
