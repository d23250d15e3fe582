/** Backends and carriers. */
import { join } from "node:path";
import { bullmq } from "@answerback/bullmq";
import { memory } from "@answerback/core";
import { queued } from "@answerback/core/backend";
import { pgBoss } from "@answerback/pg-boss";
import { postgres } from "@answerback/postgres";
import { redis } from "@answerback/redis";
import { sqlite } from "@answerback/sqlite";
import { js, url, folder, diary, orders } from "../javascript.ts";
import { row, type Chapter } from "../mistake.ts";

/** The rows. */
export const backends: readonly Chapter[] = [
  {
    title: "Backends",
    rows: [
      row(
        "`memory({ maxKey })`",
        () => js(memory)({ maxKey: 1 }),
        "unknown",
        "memory: maxKey: there is no option maxKey; **did you mean maxKeys?**",
      ),
      row(
        "`sqlite(undefined)`: a variable that is not set",
        () => sqlite(undefined),
        "missing",
        'sqlite: file: it is missing; **give the path of a file, such as "answerback.db"**',
      ),
      row(
        '`sqlite("")`',
        () => sqlite(""),
        "empty",
        'sqlite: file: it is empty; **give the path of a file, such as "answerback.db"**',
      ),
      row(
        '`sqlite(":memory:")`',
        () => sqlite(":memory:"),
        "invalid",
        "sqlite: file: a database in memory outlives nothing; **give the path of a file, or use memory()**",
      ),
      row(
        "`sqlite(file, { … })`",
        () => js(sqlite)(join(folder, "never.db"), { exclusive: true }),
        "invalid",
        "sqlite: it takes one argument, and would drop the rest; **write options as one object, values as one list**",
      ),
      row(
        "`sqlite` in a folder that is not there",
        () => sqlite(join(folder, "data", "answerback.db")),
        "invalid",
        "sqlite: file: there is no folder /srv/app/data: **make it first**",
      ),
      row(
        "`sqlite` on a folder",
        () => sqlite(folder),
        "invalid",
        "sqlite: file: /srv/app cannot be opened: **is it a file, and may this process write it and its folder?**",
      ),
      row(
        "`sqlite` on a file that is no database",
        () => sqlite(diary()),
        "invalid",
        "sqlite: file: /srv/app/diary.db is not a database: **give Answerback a file of its own**",
      ),
      row(
        "`sqlite` on another program's database",
        () => sqlite(orders()),
        "invalid",
        "sqlite: file: /srv/app/orders.db is another program's database; **give Answerback its own**",
      ),
      row(
        "`redis(undefined)`: a variable that is not set",
        () => redis(undefined),
        "missing",
        "redis: url: it is missing; **give redis://… or a client; is the environment variable set?**",
      ),
      row(
        '`redis("")`',
        () => redis(""),
        "empty",
        "redis: url: it is empty; **give redis://… or a client; is the environment variable set?**",
      ),
      row(
        '`redis("http://…")`',
        () => redis("http://127.0.0.1:6379"),
        "invalid",
        "redis: url: **it does not begin with redis://, or with rediss:// for TLS**",
      ),
      row(
        "`redis(url, { … })`",
        () => js(redis)(url, { prefix: "app" }),
        "invalid",
        "redis: it takes one argument, and would drop the rest; **write options as one object, values as one list**",
      ),
      row(
        "`redis({ url, prefx })`",
        () => js(redis)({ url, prefx: "app" }),
        "unknown",
        "redis: prefx: there is no option prefx; **did you mean prefix?**",
      ),
      row(
        '`redis({ url, prefix: "" })`',
        () => redis({ url, prefix: "" }),
        "empty",
        "redis: prefix: it is empty; **give a text**",
      ),
      row(
        '`redis({ url, prefix: "{app}" })`',
        () => redis({ url, prefix: "{app}" }),
        "invalid",
        "redis: prefix: it has braces, which are for a Cluster's hash tags; **leave them out**",
      ),
      row(
        "`postgres(undefined)`: a variable that is not set",
        () => postgres(undefined),
        "missing",
        "postgres: url: it is missing; **give postgres://user@host:5432/database, or your own pool; is the environment variable set?**",
      ),
      row(
        '`postgres("")`',
        () => postgres(""),
        "empty",
        "postgres: url: it is empty; **give postgres://user@host:5432/database, or your own pool; is the environment variable set?**",
      ),
      row(
        '`postgres("localhost:5432")`',
        () => postgres("localhost:5432"),
        "invalid",
        "postgres: url: **it does not begin with postgres://, socket: or a socket's folder**",
      ),
      row(
        "`postgres({ url, connection: 4 })`",
        () => js(postgres)({ url: "postgres://127.0.0.1/app", connection: 4 }),
        "unknown",
        "postgres: connection: there is no option connection; **did you mean connections?**",
      ),
      row(
        "`postgres({ pool, transactions })`",
        () => postgres({ pool: { options: {}, connect: async () => ({ release() {} }) }, transactions: 4 }),
        "conflict",
        "postgres: transactions: your pool has its own `max`; **leave this out**",
      ),
      row(
        "`bullmq(backend)`, without where BullMQ is",
        () => js(bullmq)(memory()),
        "missing",
        "bullmq: options: it is missing; **give an object, such as { connection: … }**",
      ),
      row(
        '`bullmq(backend, { connection: "" })`',
        () => bullmq(memory(), { connection: "" }),
        "empty",
        "bullmq: connection: it is empty; **give redis://… or the options of ioredis; is the environment variable set?**",
      ),
      row(
        "`bullmq({ connection })`, the backend forgotten",
        () => js(bullmq)({ connection: url }),
        "invalid",
        "bullmq: backend: it has no open(); **give a backend, such as memory()**",
      ),
      row(
        "`pgBoss(backend, { connection })`",
        () => js(pgBoss)(memory(), { connection: "postgres://127.0.0.1/app" }),
        "unknown",
        "pgBoss: connection: there is no option connection; **did you mean connectionString?**",
      ),
      row(
        "`pgBoss` with a variable that is not set",
        () => pgBoss(memory(), { connectionString: undefined }),
        "missing",
        "pgBoss: connectionString: it is missing; **give postgres://user@host:5432/database; is the environment variable set?**",
      ),
      row(
        "`queued(backend)`, without a carrier",
        () => js(queued)(memory()),
        "missing",
        "queued: carrier: it is missing; **give a carrier: { open, close }**",
      ),
    ],
  },
];
