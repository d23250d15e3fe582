/** Asking a receiver what to answer to a Node request. */

import type { IncomingMessage } from "node:http";
import { ask, type DeliveryReceiver, type Reply } from "@answerback/core/adapter";
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
  return ask(receiver, createDelivery(req, head));
}
