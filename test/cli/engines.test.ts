/** The commands on Redis and on Postgres: the same story as on a file, of which some are processes of their own. */
import { randomUUID } from "node:crypto";
import { createReceiver, PermanentError, postback } from "@answerback/core";
import type { Backend } from "@answerback/core/backend";
import { postgres } from "@answerback/postgres";
import { redis } from "@answerback/redis";
import { deliveries, send } from "@answerback/simulator";
import { Redis } from "ioredis";
import pg from "pg";
import { expect, it, onTestFinished } from "vitest";
import { describeWith, engineOf } from "../support/engines.ts";
import { removeAll } from "../support/redis-store.ts";
import { answerback, called, serveReceiver, user } from "./support.ts";

/** An engine with a place of the test's own in it. */
interface Place {
  /** What the commands are told of it. */
  readonly args: readonly string[];
  readonly backend: Backend<any>;
  /** What is there, by its names. */
  held(): Promise<readonly string[]>;
}

function inRedis(): Place {
  const [url, prefix] = [engineOf("redis").at, `cli-${randomUUID()}`];
  onTestFinished(() => removeAll(url, prefix));
  const held = async () => {
    const client = new Redis(url);
    const keys = await client.keys(`${prefix}*`);
    client.disconnect();
    return keys;
  };
  return { args: ["--backend", url, "--prefix", prefix], backend: redis({ url, prefix }), held };
}

function inPostgres(): Place {
  const [url, schema] = [engineOf("postgres").at, `cli_${randomUUID()}`];
  const query = async (sql: string) => {
    const client = new pg.Client(url);
    await client.connect();
    const { rows } = await client.query(sql);
    await client.end();
    return rows as readonly { readonly nspname: string }[];
  };
  onTestFinished(async () => void (await query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`)));
  const held = async () =>
    (await query(`SELECT nspname FROM pg_namespace WHERE nspname = '${schema}'`)).map(
      ({ nspname }) => nspname,
    );
  return { args: ["--backend", url, "--schema", schema], backend: postgres({ url, schema }), held };
}

describeWith("redis")("redis", () => story(inRedis));
describeWith("postgres")("postgres", () => story(inPostgres));

function story(placeOf: () => Place): void {
  it("what died is found, tried again, paused and erased, while the app is at work", async () => {
    const { args, backend } = placeOf();
    let isBroken = true;
    const receiver = createReceiver(postback(), {
      backend,
      authenticate: false,
      requireHttps: false,
      onError: () => {},
      warn: () => {},
      handle: () => {
        if (isBroken) throw new PermanentError("no such customer");
      },
    });
    onTestFinished(async () => {
      await receiver.close({ within: 0 });
      await backend.close();
    });
    const { url } = await serveReceiver(receiver);
    const deliver = (id: string) =>
      send(deliveries.postback.contactCreate({ auth: user, data: { id } }), new URL(url));
    const json = async (...command: string[]) => {
      const { code, out, err } = await called([...command, ...args, "--json"]);
      expect([code, err]).toEqual([0, expect.any(String)]);
      return JSON.parse(out);
    };

    await deliver("11e1");
    await deliver("11e2");
    const { groups } = await json("records", "errors");
    expect(groups).toMatchObject([{ count: 2, names: ["contact.create"] }]);
    isBroken = false;
    const retry = await answerback(["records", "retry", "--error", groups[0].error, "--yes", ...args]);
    expect([retry.code, retry.out]).toEqual([0, "retried 2\n"]);
    await expect
      .poll(async () => (await json("records", "stats")).receivers[0].counts)
      .toMatchObject({ dead: 0, settled: 2 });
    const { records } = await json("records", "list", "--id", "11e1");
    expect(records).toMatchObject([{ id: "11e1", state: "settled", name: "contact.create" }]);
    expect((await json("explain", records[0].key)).story[0]).toContain("about 11e1 came to postback");

    expect(await json("pause")).toEqual({ receiver: "postback", all: true, names: [] });
    expect(await json("resume")).toEqual({ receiver: "postback", all: false, names: [] });
    expect(await json("records", "erase", "11e1", "--yes")).toMatchObject({ erased: 1 });
    expect((await json("records", "list")).records.map(({ id }: any) => id)).toEqual(["11e2", undefined]);

    const { code, err } = await answerback(["records", "list", ...args, "--receiver", "postbak"]);
    expect([code, err]).toEqual([2, expect.stringContaining("did you mean postback?")]);
    expect(await backend.receivers?.()).toEqual(["postback"]);
  });

  it("where no receiver has been, nothing is made", async () => {
    const { args, backend, held } = placeOf();
    onTestFinished(() => backend.close());
    const { code, err } = await answerback(["records", "list", ...args]);
    expect([code, err]).toEqual([
      1,
      "answerback: no receiver has records there; another --schema (Postgres) or --prefix (Redis) may be meant\n",
    ]);
    expect(await held()).toEqual([]);
  });
}
