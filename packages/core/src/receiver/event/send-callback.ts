/** A callback in time: it goes in the reply, or is posted when the reply has gone. */
import type { Reply, Sent } from "../../contract/delivery.ts";
import { AnswerbackError } from "../../contract/errors.ts";
import type { Post } from "../../contract/callback-terms.ts";
import type { Clock } from "../../lib/clock.ts";
import { timedOut, withTimeout } from "../../lib/timeout.ts";
import { mayBePostedTo } from "../callback/address.ts";
import { isIdempotent } from "../callback/post.ts";
import { sameForAll, toStored } from "../outcome.ts";
import { times } from "../patience.ts";
import type { Lease } from "../record/lease.ts";
import { keeping, toDo } from "../record/stored.ts";
import type { UnitOfWork } from "../record/unit-of-work.ts";
import type { Runtime } from "../runtime.ts";
import { postWork, type LoadedEvent } from "./event.ts";
import type { WaitingDeliveries } from "./waiting-deliveries.ts";

/** Whose callback it is. */
export interface Sending {
  readonly runtime: Runtime;
  readonly event: LoadedEvent;
  readonly lease: Lease;
  readonly waiting: WaitingDeliveries;
  /** What the settling is written with. */
  readonly unit: Pick<UnitOfWork, "commit">;
}

/** An answer with a callback. */
export interface WithCallback {
  /** The reply; it carries the callback where there is a `repeat`, the reply without it. */
  readonly reply: Reply;
  readonly repeat: Reply | undefined;
  readonly post: Post;
}

/** Settles an event whose answer has a callback, and sees to it that the callback goes out once. */
export async function sendCallback(sending: Sending, { reply, repeat, post }: WithCallback): Promise<void> {
  if (repeat && mayGoInline(sending, post)) await sendInline(sending, { reply, repeat, post });
  else await sendBeside(sending, { reply: repeat ?? reply, post });
}

/** The one use of an address is not given to a reply whose way nobody can follow, where a post can have it (any.52). */
function mayGoInline({ waiting, event }: Sending, { url }: Post): boolean {
  const address = event.terms.address!;
  return waiting.tellsSent || !address.inlineSpends || !mayBePostedTo(url, address);
}

/** The reply goes out, then the callback is due (any.38). */
async function sendBeside(
  { runtime, event, lease, waiting, unit }: Sending,
  { reply, post }: Pick<WithCallback, "reply" | "post">,
): Promise<void> {
  const callback = toDo(postWork(runtime, event, { post }));
  const kept = keeping(runtime, event.stored);
  const change = { answer: toStored(reply), ...callback, ...kept, attempts: 0, forMs: waiting.graceMs() };
  if (!(await waiting.stored(unit.commit(change)))) return;
  await waiting.tellFirst(sameForAll("handled", reply));
  await lease.saveUntilKnown({ forMs: 0 });
}

/**
 * The callback is stored as used once, and as held until the provider has surely hung up. It goes inline if that was
 * stored in time and the delivery still waits; else it is unused, and due when the reply has gone (upsales.8).
 */
async function sendInline(
  sending: Sending,
  { reply, repeat, post }: WithCallback & { readonly repeat: Reply },
): Promise<void> {
  const { runtime, event, waiting, unit } = sending;
  const { clock } = runtime;
  const { inlineSpends } = event.terms.address!;
  const callback = toDo({ ...postWork(runtime, event, { post }), inline: inlineSpends ? undefined : true });
  const forMs = waiting.graceMs();
  const change = { answer: toStored(repeat), ...callback, ...keeping(runtime, event.stored) };
  const storing = unit.commit({ ...change, attempts: 1, forMs });
  if (!(await waiting.stored(storing))) return;
  if (!waiting.isReachable) {
    await waiting.tellFirst(sameForAll("handled", repeat));
    return saveUse(sending, post, "not");
  }
  // storing took time, and the record is due when it was to be due at first
  const finishWithinMs = waiting.graceMs();
  const { promise: told, resolve: sent } = Promise.withResolvers<Sent>();
  waiting.tell({ outcome: "handled", reply: { ...reply, sent, finishWithinMs }, repeat });
  if (!waiting.tellsSent) return saveUse(sending, post, await unlessNot(told, clock));
  const how = await withTimeout(told, finishWithinMs, clock);
  if (how !== timedOut) await saveUse(sending, post, how);
}

/** A reply that nobody can follow counts as sent, unless it is known that it never went out. */
async function unlessNot(told: Promise<Sent>, clock: Clock): Promise<"fully" | "not"> {
  return (await withTimeout(told, times.unfollowedReply, clock)) === "not" ? "not" : "fully";
}

/**
 * Has the callback arrived? Not sent: due at once, as the first use. Perhaps sent: due as a second use, which the provider
 * refuses if the reply came; but where that would show it twice, the reply stands, and that is told (any.39).
 */
async function saveUse({ runtime, event, lease }: Sending, post: Post, how: Sent): Promise<void> {
  const { stored, view, terms } = event;
  const settled = { work: null, note: null, forMs: stored.retentionMs };
  if (how === "fully") return void (await lease.saveUntilKnown(settled));
  if (how === "not") {
    const unused = toDo(postWork(runtime, event, { post }));
    return void (await lease.saveUntilKnown({ ...unused, attempts: 0, forMs: 0 }));
  }
  const wouldDouble = !terms.address!.inlineSpends && !isIdempotent(post);
  if (!wouldDouble) return void (await lease.saveUntilKnown({ forMs: 0 }));
  await lease.saveUntilKnown(settled);
  runtime.tell(perhapsLost(), { stage: "answer", key: view.key, name: view.name });
}

function perhapsLost(): AnswerbackError {
  return new AnswerbackError(
    "callback_failed",
    "nobody knows whether the reply with the answer arrived; it is not posted, since it would be shown twice",
  );
}
