/** Asking a receiver, whatever it does. */

import type { Delivery, DeliveryReceiver, Reply } from "../contract/delivery.ts";
import { emitWarning } from "../contract/warning.ts";

/**
 * The receiver's reply to a delivery; `undefined` when it is not its provider's. A receiver that rejects, which it never
 * should, is answered for with {@link failed}, and that is told as the warning `receiver_rejected`.
 *
 * @example
 * const reply = await ask(receiver, delivery);
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.18 any.18}
 */
export function ask(receiver: DeliveryReceiver, delivery: Delivery): Promise<Reply | undefined> {
  try {
    return receiver.receive(delivery).catch(answerFor);
  } catch (error) {
    return Promise.resolve(answerFor(error));
  }
}

/** It names what was thrown by its kind alone: the message may hold a secret. */
function answerFor(error: unknown): Reply {
  const kind = error instanceof Error ? error.name : typeof error;
  const message = `A receiver rejected with ${kind} and was answered for with 500.`;
  emitWarning({ code: "receiver_rejected", message });
  return failed;
}

/** The reply to what should never happen, and in place of one that HTTP cannot carry: every provider sends again after it. */
export const failed: Reply = {
  status: 500,
  headers: { "content-type": "application/json", "cache-control": "no-store, no-transform" },
  body: '{"code":"failed"}',
  close: true,
};
