/** The two apps, with two receivers in each. */
import { createExpressMiddleware } from "@answerback/express";
import { createKoaMiddleware } from "@answerback/koa";
import express, { type Express } from "express";
import Koa from "koa";
import type { Receivers } from "./receivers.ts";
import * as registered from "./registered.ts";

/** The apps by the name that a scene has for them. */
export interface Apps {
  readonly Express: Express;
  readonly Koa: Koa;
}

export function createApps({ upsales, uphance, appInbox, postback }: Receivers): Apps {
  const expressApp = express();
  // TLS ends at a proxy, which says so; Uphance sends to https alone
  expressApp.set("trust proxy", 1);
  expressApp.use(registered.upsales.mount, createExpressMiddleware(upsales));
  expressApp.use(registered.uphance.mount, createExpressMiddleware(uphance));

  const koaApp = new Koa();
  koaApp.use(createKoaMiddleware(appInbox, { path: registered.appInbox.mount }));
  koaApp.use(createKoaMiddleware(postback, { path: registered.postback.mount }));

  return { Express: expressApp, Koa: koaApp };
}
