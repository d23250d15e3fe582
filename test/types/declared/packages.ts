/** What apps export of the other packages: middleware for Express, backends, carriers, tracing, and receivers on them. */
import { bullmq } from "@answerback/bullmq";
import { createReceiver, postback, uphance } from "@answerback/core";
import { createExpressMiddleware } from "@answerback/express";
import { createFetchHandler } from "@answerback/fetch";
import { createNodeHandler, guardedFetch } from "@answerback/node";
import { opentelemetry } from "@answerback/opentelemetry";
import { pgBoss } from "@answerback/pg-boss";
import { postgres } from "@answerback/postgres";
import { redis } from "@answerback/redis";
import { sqlite } from "@answerback/sqlite";

export const records = postgres("postgres://localhost/app");
export const carried = bullmq(redis("redis://localhost"), { connection: { host: "localhost" } });
export const boss = pgBoss(postgres("postgres://localhost/app"), {
  connectionString: "postgres://localhost/app",
});
export const file = sqlite("answerback.db");
export const instrument = opentelemetry();

export const receiver = createReceiver(postback(), {
  authenticate: false,
  backend: records,
  transport: guardedFetch,
  handle: {
    "contact.create": ({ data }, { transaction }) =>
      transaction((db) => db.query("insert into contacts (id) values ($1)", [data.id])),
  },
});

export const createShipping = (ship: (id: string | number) => Promise<void>) =>
  createReceiver(uphance(), {
    authenticate: false,
    backend: file,
    instrument,
    handle: { "pick_ticket.update": ({ data }) => ship(data.id) },
  });

export const express = createExpressMiddleware(receiver);
export const node = createNodeHandler(receiver, { path: "/hooks" });
export const fetcher = createFetchHandler(receiver, { path: "/hooks" });
