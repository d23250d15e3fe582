/** The reply goes first: no post of an event overtakes the reply that acknowledges it. */
import type { Reply, Sent } from "../../contract/delivery.ts";
import { timedOut, withTimeout } from "../../lib/timeout.ts";
import { times } from "../patience.ts";
import type { Runtime } from "../runtime.ts";

/** A reply on its way out. */
export interface Followed {
  /** The reply, with the function that takes how far it went. */
  readonly reply: Reply;
  /** How far it went; `timedOut`: nobody told while the provider waited. */
  readonly gone: Promise<Sent | typeof timedOut>;
}

/**
 * Follows the reply of an event, so that its posts in this process wait for it.
 *
 * @param until How long the provider may still wait for it: ms since the epoch.
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.38 any.38}
 */
export function followReply(
  { replies, clock }: Runtime,
  { key, until }: { readonly key: string; readonly until: number },
  reply: Reply,
): Followed {
  const { promise, resolve: sent } = Promise.withResolvers<Sent>();
  const gone = withTimeout(promise, until - clock.now(), clock);
  const outgoing = { gone, until };
  replies.set(key, outgoing);
  void gone.then(() => replies.get(key) === outgoing && replies.delete(key));
  return { reply: { ...reply, sent }, gone };
}

/**
 * Resolves when the reply of an event that goes out here is known to have gone, or a moment after the receiver has closed, which
 * posts nothing any more. A record that another process left is due only after that.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.38 any.38}
 */
export async function replyGone({ replies, shutdown, clock }: Runtime, key: string): Promise<void> {
  const outgoing = replies.get(key);
  if (!outgoing) return;
  await new Promise<void>((resolve) => {
    let cancel = () => {};
    // the reply to a delivery that closing ended is on its way
    const stopListening = shutdown.onAbort(() => (cancel = clock.after(times.lastReply, resolve)));
    void outgoing.gone.then(() => {
      cancel();
      stopListening();
      resolve();
    });
  });
}

/** How long it may take until the reply of an event that goes out here has surely gone: ms; 0 where none does. */
export function replyGoneWithinMs({ replies, clock }: Runtime, key: string): number {
  const { until = -Infinity } = replies.get(key) ?? {};
  return Math.max(until - clock.now(), 0);
}
