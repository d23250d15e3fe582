/** postgres keeps the contract: from one client and two, for the next one, and over a network that swallows everything. */
import type { Backend } from "@answerback/core/backend";
import { backendConformance, type Subject } from "@answerback/conformance";
import { postgres, type PostgresDb } from "@answerback/postgres";
import { beforeAll, describe, expect, test } from "vitest";
import { describeWith, engineOf } from "../support/engines.ts";
import { schemaOfFile } from "../support/postgres-records.ts";
import { wireTo, type Wire } from "../support/wire.ts";

describeWith("postgres")("in Postgres", () => {
  const { options, advance, empty } = schemaOfFile();
  let wire: Wire;

  beforeAll(async () => {
    wire = await wireTo(engineOf("postgres").at);
    return wire.destroy;
  });

  const open = async () => postgres({ ...options(), url: wire.url });

  async function create(): Promise<Subject> {
    const destroy = async () => {
      wire.heal();
      await empty();
    };
    return { backend: await open(), advance, destroy };
  }

  async function reopen({ backend }: Subject): Promise<Backend<PostgresDb>> {
    await backend.close();
    return open();
  }

  async function outage(): Promise<() => Promise<void>> {
    wire.swallow();
    return async () => wire.heal();
  }

  backendConformance(
    { name: "postgres", create, reopen, second: open, outage, due: true, receivers: true, driftMs: 5_000 },
    { describe, test, expect },
  );
});
