/** Progress: what a handler posts to an address of many uses before its answer. Each post is counted before it is sent. */
import { AnswerbackError } from "../../contract/errors.ts";
import type { Post } from "../../contract/callback-terms.ts";
import { checkPost, hostOf } from "../callback/address.ts";
import { replyGone } from "../callback/reply-first.ts";
import { sendPost, type Verdict } from "../callback/send.ts";
import { within } from "../follow.ts";
import type { PostObservation } from "../observe.ts";
import type { Lease } from "../record/lease.ts";
import { toDo, type EventWork } from "../record/stored.ts";
import { times } from "../patience.ts";
import type { Runtime } from "../runtime.ts";
import { encodeAnswer } from "./encoding.ts";
import { aboutEvent, type LoadedEvent } from "./event.ts";

/** Whose progress it is. */
export interface ProgressOptions {
  /** Our lease on the event's record. */
  readonly lease: Lease;
  /** What the record says is to be done; absent: it says nothing yet. */
  readonly work?: EventWork | undefined;
  /** Acknowledges the event now; absent: it was acknowledged before. */
  readonly acknowledge?: (() => Promise<void>) | undefined;
  /** Is the run over? Then what was not begun is not sent (any.21). */
  readonly isOver: () => boolean;
}

/** The posts of one run before its answer, one after the other. */
export class Progress {
  readonly #runtime: Runtime;
  readonly #event: LoadedEvent;
  readonly #options: ProgressOptions;
  #uses: number;
  #last: Promise<unknown> = Promise.resolve();

  constructor(runtime: Runtime, event: LoadedEvent, options: ProgressOptions) {
    this.#runtime = runtime;
    this.#event = event;
    this.#options = options;
    this.#uses = options.work?.uses ?? 0;
  }

  /** How many uses of the address were begun, those of earlier runs included. */
  get uses(): number {
    return this.#uses;
  }

  /** Resolves when what was posted so far has ended. */
  async ended(): Promise<void> {
    await this.#last;
  }

  /**
   * What a handler calls as `context.post`. Resolves when the provider took it.
   *
   * @throws AnswerbackError `callback_spent`, `callback_expired`, `callback_failed`, `callback_rejected`, and the codes of
   *   a wrong answer.
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.39 any.39}
   */
  async post(partial: unknown): Promise<void> {
    const posting = this.#last.then(() => this.#post(partial));
    this.#last = posting.catch(() => {});
    await posting;
  }

  async #post(partial: unknown): Promise<void> {
    const post = await progressPost(this.#runtime, this.#event, { partial, uses: this.#uses });
    await this.#options.acknowledge?.();
    await replyGone(this.#runtime, this.#event.view.key);
    if (this.#options.isOver())
      throw new AnswerbackError("wrong_state", "the run was over before its post()");
    await this.#count();
    await sendProgress(this.#runtime, this.#event, { post, use: this.#uses });
  }

  /** The record says that the address is used before it is: a run after a crash counts on. */
  async #count(): Promise<void> {
    const { lease, work } = this.#options;
    this.#uses += 1;
    const counted = toDo({ ...work, kind: "event", event: this.#event.stored, uses: this.#uses });
    const isOurs = await lease.saveUntilKnown({ ...counted, forMs: times.lease });
    lease.startRenewing();
    if (!isOurs) throw new AnswerbackError("lease_lost", "another process took the event over");
  }
}

/**
 * The post of a partial answer, checked before anything is counted or sent.
 *
 * @param uses How many uses of the address were begun before.
 */
export async function progressPost(
  runtime: Runtime,
  event: LoadedEvent,
  { partial, uses }: { readonly partial: unknown; readonly uses: number },
): Promise<Post> {
  const { address } = event.terms;
  if (!event.view.callback || !address)
    throw new AnswerbackError("invalid_answer", "there is no callback address to post to");
  mustHaveUseLeft(event, uses);
  const { post } = await encodeAnswer(runtime, event, partial);
  if (!post) throw new AnswerbackError("invalid_answer", "the partial answer has no callback to post");
  return checkPost(runtime.provider, address, post);
}

/**
 * A partial answer leaves the last use to the answer.
 *
 * @param uses How many uses of the address were begun before.
 * @throws AnswerbackError `callback_spent`.
 */
export function mustHaveUseLeft({ terms: { address } }: LoadedEvent, uses: number): void {
  if (address && uses + 1 >= address.uses) throw noneLeft(address.uses);
}

/**
 * Sends a partial answer, once.
 *
 * @param use The how-manieth use of the address it is.
 */
export async function sendProgress(
  runtime: Runtime,
  event: LoadedEvent,
  { post, use: attempt }: { readonly post: Post; readonly use: number },
): Promise<void> {
  const { clock, observe, name: receiver } = runtime;
  const about = aboutEvent(event);
  const { stored, terms } = event;
  const startedAt = clock.now();
  const hasExpired = startedAt >= stored.receivedAt + (terms.address?.expiresMs ?? Infinity);
  const host = hostOf(post.url);
  const followed = runtime.follow?.({ kind: "post", trace: stored.trace, host });
  const verdict = hasExpired ? expired : await within(followed, () => sendPost(runtime, post, about));
  const error = errorOf(verdict, host);
  const observation: PostObservation = {
    kind: "post",
    receiver,
    ...about,
    attempt,
    final: false,
    outcome:
      verdict.outcome === "refused" ? "rejected" : verdict.outcome === "accepted" ? "accepted" : "failed",
    status: verdict.status,
    code: error?.code,
    reason: error?.message,
    tookMs: clock.now() - startedAt,
  };
  observe(observation);
  followed?.end(observation);
  if (error) throw error;
}

const expired: Verdict = {
  outcome: "forbidden",
  error: new AnswerbackError("callback_expired", "the callback address has expired"),
};

function errorOf(verdict: Verdict, host: string): AnswerbackError | undefined {
  switch (verdict.outcome) {
    case "accepted":
      return undefined;
    case "forbidden":
      return verdict.error;
    case "refused":
      return new AnswerbackError("callback_rejected", `${host} refused the post with ${verdict.status}`);
    case "failed": {
      const answered = verdict.status
        ? `answered the post with ${verdict.status}`
        : "did not answer the post";
      return new AnswerbackError("callback_failed", `${host} ${answered}`, { cause: verdict.cause });
    }
  }
}

function noneLeft(uses: number): AnswerbackError {
  const why = uses === 1 ? "is good for one use" : `has ${uses} uses, all but one of them spent`;
  return new AnswerbackError(
    "callback_spent",
    `the callback address ${why}, and the last one is the answer's`,
  );
}
