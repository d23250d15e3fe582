/** What apps export on Koa. */
import { appInbox, createReceiver } from "@answerback/core";
import { createKoaMiddleware } from "@answerback/koa";

export const receiver = createReceiver(appInbox(), {
  authenticate: false,
  handle: ({ data }) => console.log(data),
});

export const koa = createKoaMiddleware(receiver, { path: "/hooks" });
