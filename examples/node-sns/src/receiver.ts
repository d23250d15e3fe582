/** The receiver: who is let in, and what becomes of a topic's notifications. */
import { createReceiver, type ReceiverOptions } from "@answerback/core";
import { guardedFetch } from "@answerback/node";
import { sns } from "@answerback/providers/sns";

/** What the process hands in, and a test in its place. */
export interface Settings extends Pick<ReceiverOptions, "backend" | "observe" | "onError"> {
  /** The topic whose messages are let in, and whose subscription is confirmed. */
  readonly topicArn: string | undefined;
  /** What the app is there for: a message of the topic. It may take its time. */
  readonly read: (message: string) => Promise<void> | void;
  /** Gets Amazon's certificate. A test has its own. */
  readonly fetch?: typeof guardedFetch;
}

export function makeReceiver({ topicArn, read, fetch = guardedFetch, ...options }: Settings) {
  return createReceiver(sns({ topicArn, fetch }), {
    ...options,
    handle: {
      Notification: ({ data }) => read(data.Message),
    },
  });
}
