/** One use of a callback address: sent in its time, and what its answer means. */
import { AnswerbackError, type ErrorCode } from "../../errors.ts";
import { inTime, late } from "../../deadline.ts";
import type { Post } from "../../provider.ts";
import type { Runtime } from "../runtime.ts";
import { asOurs } from "../thrown.ts";
import { checkPost } from "./encoding.ts";

/** What the provider's callback address said to one attempt. */
export type Response =
  | { readonly outcome: "accepted"; readonly status: number }
  | { readonly outcome: "refused"; readonly status: number }
  /** Our own terms forbid it; nothing was sent. */
  | { readonly outcome: "forbidden"; readonly error: AnswerbackError; readonly status?: never }
  /** `arrived`: it may have. */
  | {
      readonly outcome: "failed";
      readonly arrived: boolean;
      readonly status?: number;
      readonly afterMs?: number;
    };

/** How long one attempt may take, in ms. */
const postWithinMs = 10_000;

/** Sends it once. Never rejects. */
export async function sendPost(runtime: Runtime, given: Post): Promise<Response> {
  const aborter = new AbortController();
  const abort = () => aborter.abort();
  const stopListening = runtime.abandoned.heard(abort);
  try {
    const { url, headers, body } = checkPost(runtime.provider, given);
    if (runtime.abandoned.hasRung) return { outcome: "failed", arrived: false };
    const init = {
      method: "POST",
      headers: { ...headers },
      body,
      redirect: "manual",
      signal: aborter.signal,
    } as const;
    const answer = await inTime(runtime.transport(url, init), postWithinMs, runtime.clock);
    if (answer === late) return { outcome: "failed", arrived: true };
    const response = judge(answer, runtime.clock.now());
    discard(answer);
    return response;
  } catch (error) {
    const ours = asOurs(error);
    if (forbidding.has(ours.code)) return { outcome: "forbidden", error: ours };
    return { outcome: "failed", arrived: !surelyNotSent(error) };
  } finally {
    abort();
    stopListening();
  }
}

/** Of our own terms, which the transport may check as well. */
const forbidding = new Set<ErrorCode>(["callback_url_refused", "callback_too_large", "invalid_answer"]);

/** The status says it all: of the body nothing is read. */
function discard({ body }: globalThis.Response): void {
  void (async () => body?.cancel())().catch(() => {});
}

function judge({ status, headers }: globalThis.Response, now: number): Response {
  if (status >= 200 && status < 300) return { outcome: "accepted", status };
  if (status === 429)
    return { outcome: "failed", arrived: false, status, ...retryAfter(headers.get("retry-after"), now) };
  if (status === 408 || status >= 500)
    return { outcome: "failed", arrived: true, status, ...retryAfter(headers.get("retry-after"), now) };
  return { outcome: "refused", status };
}

/** Seconds or a date (RFC 9110, section 10.2.3). */
function retryAfter(value: string | null, now: number): { afterMs?: number } {
  if (!value) return {};
  const afterMs = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - now;
  return afterMs > 0 ? { afterMs } : {};
}

const unsent =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|ERR_BLOCKED_ADDRESS|ERR_NOT_CONNECTED|CERT_.*|ERR_TLS_.*|.*_CERT.*)$/;

function surelyNotSent(error: unknown): boolean {
  try {
    const { code, cause } = Object(error) as { code?: unknown; cause?: { code?: unknown } };
    // a transport with a code of its own knows better than what lies under it
    const said = code ?? cause?.code;
    return typeof said === "string" && unsent.test(said);
  } catch {
    return false;
  }
}
