/** The receiver: who is let in, and what becomes of App Inbox's messages. */
import { appInbox, basicAuth, createReceiver } from "@answerback/core";
import type { AppInboxMessage, ReceiverOptions } from "@answerback/core";

/** What the process hands in, and a test in its place. */
export interface Settings extends Pick<ReceiverOptions, "backend" | "observe" | "onError"> {
  /** What is registered as `auth.password`. */
  readonly password: string | undefined;
  /** What the app is there for: called once a message, also when they come as a list. */
  readonly show: (message: AppInboxMessage) => Promise<void> | void;
}

export function makeReceiver({ password, show, ...options }: Settings) {
  return createReceiver(appInbox(), {
    ...options,
    authenticate: basicAuth({ username: "inbox", password }),
    handle: { message: ({ data }) => show(data) },
  });
}
