/** Asking a receiver, whatever it does. */

import type { IncomingMessage } from "node:http";
import type { DeliveryReceiver, Reply } from "@answerback/core";
import { createDelivery, type Head } from "./delivery.ts";

/**
 * The receiver's reply to a request; `undefined` when it is not its provider's. A receiver that rejects, which it never
 * should, is answered for with a 500 that every provider sends again.
 *
 * @example
 * const reply = await receive(receiver, req, { ...splitTarget(req.url), secure: req.secure });
 * if (!reply) next();
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.18 any.18}
 */
export function receive(
  receiver: DeliveryReceiver,
  req: IncomingMessage,
  head: Head,
): Promise<Reply | undefined> {
  try {
    return receiver.receive(createDelivery(req, head)).catch(answerFor);
  } catch (error) {
    return Promise.resolve(answerFor(error));
  }
}

/** It names what was thrown by its kind alone: the message may hold a secret. */
function answerFor(error: unknown): Reply {
  const kind = error instanceof Error ? error.name : typeof error;
  const message = `A receiver rejected with ${kind} and was answered for with 500.`;
  process.emitWarning(message, { type: "AnswerbackWarning", code: "receiver_rejected" });
  return failed;
}

/** The answer to what should never happen: every provider sends again after it. */
export const failed: Reply = {
  status: 500,
  headers: { "content-type": "application/json", "cache-control": "no-store, no-transform" },
  body: '{"code":"failed"}',
  close: true,
};
