/** The answer after `later()`: brought from anywhere, the last one or a partial one. */
import type { Post } from "../../contract/callback-terms.ts";
import { AnswerbackError } from "../../contract/errors.ts";
import { flag, withDefault } from "../../contract/kinds.ts";
import { readOptions } from "../../contract/read-options.ts";
import { sleep } from "../../lib/timeout.ts";
import { checkPost } from "../callback/address.ts";
import { replyGone } from "../callback/reply-first.ts";
import { encodeAnswer } from "../event/encoding.ts";
import { type LoadedEvent, loadEvent } from "../event/event.ts";
import { type LateCallback, postLate, untilAnswered } from "../event/late.ts";
import { mustHaveUseLeft, progressPost, sendProgress } from "../event/progress.ts";
import { times } from "../patience.ts";
import { leaseLost } from "../record/lease.ts";
import { type EventWork, readWork } from "../record/stored.ts";
import type { Runtime } from "../runtime.ts";
import { aKey, takeNow } from "../record/take-now.ts";

/** Is the answer that `receiver.answer` brings the last one? */
export interface AnswerOptions {
  /** `false`: a partial answer, after which the event waits on; its address must have more uses than one. Default `true`. */
  readonly final?: boolean | undefined;
}

/**
 * Brings the answer of an event whose handler returned `later()`: posts its callback. After a mistake in the answer the
 * event waits on.
 *
 * @throws AnswerbackError `unknown_key`, `wrong_state`, and the codes of a wrong answer.
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.18 upsales.18}
 */
export async function answerLater(
  runtime: Runtime,
  key: string,
  answer: unknown,
  options: AnswerOptions = {},
): Promise<void> {
  const { final } = readOptions("answer", options, { final: withDefault(flag, true) });
  const waiting = await waitingFor(runtime, aKey("answer: key", key));
  const event = await loadEvent(runtime, waiting.event);
  const callback = await postOf(runtime, event, { answer, final, uses: waiting.uses ?? 0 });
  await untilReplied(runtime, event, waiting);
  const { lease, taken, work } = await takeNow(runtime, key);
  if (work?.kind !== "event" || !work.later) {
    await lease.save({ attempts: taken.attempts - 1, forMs: 0 });
    throw answeredAlready();
  }
  const { uses } = work;
  if (final) return runtime.tasks.track(postLate(runtime, { event, lease, callback, uses }));
  await runtime.tasks.track(postPartial(runtime, { event, lease, callback, uses }, taken.attempts - 1));
}

/** The work of an event that waits for its answer. Rejects where none does, which is told. */
async function waitingFor(runtime: Runtime, key: string): Promise<EventWork> {
  const entry = await runtime.records.get(key);
  const work = readWork(entry?.work ?? null);
  if (work?.kind === "event" && work.later && entry?.state !== "dead") return work;
  const error = await notWaiting(runtime, key);
  runtime.tell(error, { stage: "answer", key });
  throw error;
}

async function postOf(
  runtime: Runtime,
  event: LoadedEvent,
  { answer, final, uses }: { readonly answer: unknown; readonly final: boolean; readonly uses: number },
): Promise<Post> {
  if (!final) return progressPost(runtime, event, { partial: answer, uses });
  const { post } = await encodeAnswer(runtime, event, answer);
  if (post) return checkPost(runtime.provider, event.terms.address, post);
  throw new AnswerbackError("invalid_answer", "the answer has no callback to post");
}

/** The acknowledgement goes first. In another process its record says when it has gone (any.38). */
async function untilReplied(
  runtime: Runtime,
  { stored, terms }: LoadedEvent,
  waiting: EventWork,
): Promise<void> {
  const { clock, replies, shutdown } = runtime;
  const until = stored.receivedAt + terms.patienceMs;
  let { replied } = waiting;
  while (!replied && !replies.has(stored.key) && clock.now() < until && !shutdown.isAborted) {
    await sleep(times.replyAgain, clock, shutdown);
    replied = (await waitingFor(runtime, stored.key)).replied;
  }
  await replyGone(runtime, stored.key);
}

/** Posts a partial answer, counted before it is sent; then the event waits on. */
async function postPartial(
  runtime: Runtime,
  { event, lease, callback: post, uses = 0 }: LateCallback,
  attempts: number,
): Promise<void> {
  let begun = uses;
  const waitsOn = () => untilAnswered(runtime, event, { uses: begun, replied: true });
  try {
    // another partial answer may have been posted since this one was checked
    mustHaveUseLeft(event, uses);
    begun += 1;
    if (!(await lease.saveUntilKnown({ ...waitsOn(), attempts, forMs: times.lease, held: undefined })))
      throw leaseLost();
    await sendProgress(runtime, event, { post, use: begun });
  } finally {
    await lease.saveUntilKnown({ ...waitsOn(), attempts });
  }
}

async function notWaiting({ records }: Runtime, key: string): Promise<AnswerbackError> {
  if (!(await records.get(key))) return new AnswerbackError("unknown_key", "no event has this key");
  return answeredAlready();
}

function answeredAlready(): AnswerbackError {
  return new AnswerbackError(
    "wrong_state",
    "the event does not wait for an answer: its handler did not return later(), or it was answered",
  );
}
