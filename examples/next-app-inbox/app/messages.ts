/** What the app is there for: the messages that it was sent, until a database stands here. */
import type { AppInboxMessage } from "@answerback/core";

/** The messages, in the order of their arrival. */
export const messages: AppInboxMessage[] = [];

/** Called once a message, also when they come as a list. */
export function show(message: AppInboxMessage): void {
  messages.push(message);
}
