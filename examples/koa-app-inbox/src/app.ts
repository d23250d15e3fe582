/** The app: what becomes of App Inbox's messages, and where they come in. */
import { appInbox, basicAuth, createReceiver, memory } from "@answerback/core";
import type { AppInboxMessage, ReceiverOptions } from "@answerback/core";
import { createKoaMiddleware } from "@answerback/koa";
import Koa from "koa";

/** What the process hands in, and a test in its place. */
export interface Settings extends Pick<ReceiverOptions, "observe" | "onError"> {
  /** What is registered as `auth.password`. */
  readonly password: string | undefined;
  /** What the app is there for: called once a message, also when they come as a list. */
  readonly show: (message: AppInboxMessage) => Promise<void> | void;
}

export function createApp({ password, show, ...options }: Settings) {
  const receiver = createReceiver(appInbox(), {
    ...options,
    authenticate: basicAuth({ username: "inbox", password }),
    // forgets at a restart: a durable backend belongs here when handling a retry twice would do harm
    backend: memory(),
    handle: { message: ({ data }) => show(data) },
  });

  const app = new Koa();
  // before any body parser: the receiver reads the body itself, once it knows that it may
  app.use(createKoaMiddleware(receiver, { path: "/hooks/inbox" }));
  return { app, receiver };
}
