/** One use of a callback address: the post is let in, sent once under a deadline, and its answer is judged. */
import { AnswerbackError, type ErrorCode } from "../../contract/errors.ts";
import type { Post, PostResponse } from "../../contract/callback-terms.ts";
import type { Provider } from "../../contract/provider.ts";
import { timedOut, withTimeout } from "../../lib/timeout.ts";
import type { AuthorizedEvent } from "../options.ts";
import { times } from "../patience.ts";
import type { Runtime } from "../runtime.ts";
import { asOurs, Thrown } from "../thrown.ts";
import { checkPost } from "./address.ts";

/** What one attempt came to. */
export type Verdict =
  | { readonly outcome: "accepted"; readonly status: number }
  | { readonly outcome: "refused"; readonly status: number }
  /** The provider's terms forbid it; nothing was sent. */
  | { readonly outcome: "forbidden"; readonly error: AnswerbackError; readonly status?: never }
  /** `mayHaveArrived`: the provider may have used it all the same. `askedMs`: how long it asked to wait. */
  | {
      readonly outcome: "failed";
      readonly mayHaveArrived: boolean;
      readonly status?: number;
      readonly askedMs?: number;
      /** What the transport, or `authorize`, threw. */
      readonly cause?: unknown;
    };

/** Sends a post once. Never rejects. */
export async function sendPost(runtime: Runtime, post: Post, event: AuthorizedEvent): Promise<Verdict> {
  const aborter = new AbortController();
  const abort = () => aborter.abort();
  const stopListening = runtime.shutdown.onAbort(abort);
  let isSent = false;
  runtime.underWay.posts += 1;
  try {
    const checked = checkPost(runtime.provider, runtime.terms(event.type).address, post);
    if (runtime.shutdown.isAborted) return { outcome: "failed", mayHaveArrived: false };
    const sending = (async () => {
      const headers = { ...post.headers, ...(await authorization(runtime, post, event)) };
      // it may have taken so long that this use was given up
      aborter.signal.throwIfAborted();
      isSent = true;
      const { url, method = "POST", body } = checked;
      const given = method === "GET" ? {} : { body };
      const init = { method, headers, ...given, redirect: "manual", signal: aborter.signal } as const;
      const response = await runtime.transport(url, init);
      return judge(runtime, response);
    })();
    const verdict = await withTimeout(sending, times.post, runtime.clock);
    return verdict === timedOut ? { outcome: "failed", mayHaveArrived: isSent } : verdict;
  } catch (error) {
    const ours = asOurs(error);
    if (forbidding.has(ours.code)) return { outcome: "forbidden", error: ours };
    return { outcome: "failed", mayHaveArrived: isSent && !isSurelyUnsent(error), cause: error };
  } finally {
    runtime.underWay.posts -= 1;
    abort();
    stopListening();
  }
}

/** The codes of the provider's terms, which the transport may check as well. */
const forbidding = new Set<ErrorCode>(["callback_url_refused", "callback_too_large", "invalid_answer"]);

/** The headers that let it in: asked for at each send, and kept nowhere (any.41). */
async function authorization(
  { authorize }: Runtime,
  { url, method, account }: Post,
  event: AuthorizedEvent,
): Promise<Record<string, string>> {
  if (!authorize) return {};
  try {
    return await authorize({ url, method, account }, event);
  } catch (cause) {
    throw new Thrown("authorize", cause);
  }
}

/** Most providers say it all with the status, so the body is read only for one that says more. */
async function judge({ provider, clock }: Runtime, response: Response): Promise<Verdict> {
  const { status, headers } = response;
  const said = provider.judge ? judgement(provider, await read(response)) : undefined;
  if (!provider.judge) discardBody(response);
  if (said === "taken") return { outcome: "accepted", status };
  if (said === "refused") return { outcome: "refused", status };
  if (said) return { outcome: "failed", mayHaveArrived: false, status, ...asked(said.againMs) };
  if (status >= 200 && status < 300) return { outcome: "accepted", status };
  const isForNow = status === 429 || status === 408 || status >= 500;
  if (!isForNow) return { outcome: "refused", status };
  const mayHaveArrived = status !== 429;
  return {
    outcome: "failed",
    mayHaveArrived,
    status,
    ...retryAfter(headers.get("retry-after"), clock.now()),
  };
}

function judgement(
  { judge: judges }: Provider,
  response: PostResponse,
): ReturnType<NonNullable<Provider["judge"]>> {
  try {
    const said = judges!(response);
    if (said === undefined || said === "taken" || said === "refused" || Object.hasOwn(said, "againMs"))
      return said;
    throw new TypeError("judge returned what none of its answers is");
  } catch (cause) {
    throw new Thrown("judge", cause);
  }
}

/** The answer as plain data. A body that breaks off, or is too long, is what there is of it. */
async function read(response: Response): Promise<PostResponse> {
  const { status, headers } = response;
  const chunks: Uint8Array[] = [];
  let room = longestBody;
  try {
    for await (const chunk of response.body ?? []) {
      chunks.push(chunk.subarray(0, room));
      room -= chunk.length;
      if (room <= 0) break;
    }
  } catch {
    // the status was there, and may say enough
  }
  return { status, headers: Object.fromEntries(headers), body: Buffer.concat(chunks).toString() };
}

const longestBody = 65_536;

function discardBody({ body }: Response): void {
  void (async () => body?.cancel())().catch(() => {});
}

/** Seconds or a date (RFC 9110, section 10.2.3). */
function retryAfter(value: string | null, now: number): { askedMs?: number } {
  if (!value) return {};
  return asked(/^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - now);
}

/** What is no time, as where a provider left a header out, asks for nothing. */
function asked(ms: number): { askedMs?: number } {
  return ms > 0 ? { askedMs: ms } : {};
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
