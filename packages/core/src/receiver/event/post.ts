/** One post of a callback: sent, judged, and written down by the holder of its record. */
import type { Change } from "../../backend.ts";
import { AnswerbackError, type ErrorCode } from "../../errors.ts";
import { inTime, late } from "../../deadline.ts";
import { checkPost } from "./encoding.ts";
import { rescue } from "../../soon.ts";
import type { Hold } from "../record/hold.ts";
import type { PostObservation } from "../observe.ts";
import type { Runtime } from "../runtime.ts";
import { asOurs } from "../thrown.ts";
import { writeNote, writeWork, type PostWork } from "./work.ts";

/** What the provider's callback address said to one attempt. */
type Response =
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

/** A callback to post, by whom, and the how-manieth use of the address this is. */
export interface Posting {
  readonly hold: Hold;
  readonly work: PostWork;
  readonly attempts: number;
}

/**
 * Posts, and says in the record what came of it. The attempt stands in the record already, so an `attempts` above 1
 * means that an earlier use may have arrived. @see upsales.9
 */
export async function post(runtime: Runtime, posting: Posting): Promise<void> {
  const startedAt = runtime.clock.now();
  const response = await send(runtime, posting.work);
  const { outcome, code } = await writeDown(runtime, posting, response);
  runtime.observe({
    ...{
      kind: "post",
      receiver: runtime.name,
      key: posting.hold.key,
      type: posting.work.type,
      name: posting.work.name,
    },
    ...{
      attempt: posting.attempts,
      outcome,
      status: response.status,
      code,
      tookMs: runtime.clock.now() - startedAt,
    },
  });
}

async function send(runtime: Runtime, { post: given }: PostWork): Promise<Response> {
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

type Verdict = Pick<PostObservation, "outcome" | "code">;

async function writeDown(runtime: Runtime, posting: Posting, response: Response): Promise<Verdict> {
  const { hold, attempts } = posting;
  if (response.outcome === "accepted") return settled(posting, "accepted");
  if (response.outcome === "refused") {
    if (attempts > 1) return settled(posting, "presumed_delivered");
    const error = new AnswerbackError(
      "callback_rejected",
      `the provider refused the callback with ${response.status}`,
    );
    return dead(posting, error);
  }
  if (response.outcome === "forbidden") return dead(posting, response.error);
  const left = response.arrived ? attempts : attempts - 1;
  const error = new AnswerbackError(
    "callback_failed",
    response.status ? `answered ${response.status}` : "no answer",
  );
  const delay = runtime.abandoned.hasRung ? 0 : backoff(runtime, posting.work, response.afterMs);
  if (delay === undefined) return dead(posting, error);
  await write(hold, { note: writeNote(error), forMs: delay, held: false, attempts: left });
  return { outcome: "failed", code: "callback_failed" };
}

/** As long again as it has been due, at most an hour; undefined: its time is over. */
function backoff(
  { clock, random, callbackWithinMs }: Runtime,
  { since }: PostWork,
  afterMs = 0,
): number | undefined {
  const age = clock.now() - since;
  const usual = Math.min(Math.max(age, 5_000), 3_600_000);
  const delay = Math.max(afterMs, usual * (0.5 + random() / 2));
  return age + delay > callbackWithinMs ? undefined : delay;
}

async function settled(
  { hold, work }: Posting,
  outcome: "accepted" | "presumed_delivered",
): Promise<Verdict> {
  if (work.dead) await bury({ hold, work }, work.dead);
  else await write(hold, { work: null, forMs: work.retentionMs });
  return { outcome };
}

async function dead({ hold, work, attempts }: Posting, error: AnswerbackError): Promise<Verdict> {
  if (work.dead) await bury({ hold, work }, work.dead);
  // refused with certainty is as good as not tried: a person's retry is a first use again
  else {
    const left = error.code === "callback_rejected" ? attempts - 1 : attempts;
    await write(hold, { note: writeNote(error), forMs: null, attempts: left });
  }
  return { outcome: error.code === "callback_rejected" ? "rejected" : "failed", code: error.code };
}

/** The report of a dead letter is over: what remains is the dead letter, its one use spent. */
async function bury(
  { hold }: Pick<Posting, "hold" | "work">,
  { event, error }: NonNullable<PostWork["dead"]>,
): Promise<void> {
  const work = writeWork({ kind: "event", event, spent: true });
  await write(hold, { work, note: JSON.stringify(error), forMs: null });
}

/** What a receiver that closes could not write is found out by whoever takes the record next. */
async function write(hold: Hold, change: Change): Promise<void> {
  await rescue(
    () => hold.persist(change),
    () => false,
  );
}
