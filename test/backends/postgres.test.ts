/** postgres keeps the contract: from one client and two, for the next one, and over a network that swallows everything. */
import type { Backend } from "@answerback/core";
import { backendConformance, type Subject } from "@answerback/core/conformance";
import { postgres, type PostgresDb } from "@answerback/postgres";
import { beforeAll, describe, expect, test } from "vitest";
import { describeWith, engineOf } from "../support/engines.ts";
import { swallowingProxy, type Way } from "../support/postgres-proxy.ts";
import { schemaOfFile } from "../support/postgres-records.ts";

describeWith("postgres")("in Postgres", () => {
  const { options, advance, empty } = schemaOfFile();
  let way: Way;

  beforeAll(async () => {
    way = await swallowingProxy(engineOf("postgres").at);
    return way.close;
  });

  const open = async () => postgres({ ...options(), url: way.url });

  async function create(): Promise<Subject> {
    const destroy = async () => {
      way.restore();
      await empty();
    };
    return { backend: await open(), advance, destroy };
  }

  async function reopen({ backend }: Subject): Promise<Backend<PostgresDb>> {
    await backend.close();
    return open();
  }

  async function outage(): Promise<() => Promise<void>> {
    way.swallow();
    return async () => way.restore();
  }

  backendConformance(
    { name: "postgres", create, reopen, second: open, outage, due: true, driftMs: 5_000 },
    { describe, test, expect },
  );
});
