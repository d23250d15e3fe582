/** Where a process finds its records, and the backend on that: the part of an engine that the process has to know. */
import { readFileSync } from "node:fs";
import { systemClock, type Backend, type Clock } from "@answerback/core/backend";
import type pg from "pg";

/** Records of one world, and the files beside them; as JSON it goes to each of its processes. */
export type Place = {
  /** A line for each time that a handler ran. */
  readonly ledger: string;
  /** How many ms later it is than it is. */
  readonly ahead: string;
} & (
  | { readonly engine: "sqlite"; readonly file: string }
  | { readonly engine: "redis"; readonly url: string; readonly prefix: string }
  | {
      readonly engine: "postgres";
      readonly url: string;
      readonly schema: string;
      /** SQL for what the clock says. */
      readonly now: string;
      /** The table that handlers write to. */
      readonly rows: string;
    }
);

/** What a process opens there. */
export interface Opened {
  readonly backend: Backend<any>;
  readonly clock: Clock;
  /** Ends what the backend leaves to its user. */
  close(): Promise<void>;
}

/** Opens the place. `step` hears of what happens below the verbs. */
export async function openPlace(place: Place, step: (name: string) => void): Promise<Opened> {
  const close = async () => {};
  const aheadMs = () => Number(readFileSync(place.ahead, "utf8"));
  // only what it needs, since a process is started for each kill
  if (place.engine === "redis") {
    const { redis } = await import("@answerback/redis");
    const { url, prefix } = place;
    return { backend: redis({ url, prefix, clockOffsetMs: aheadMs }), clock: systemClock, close };
  }
  if (place.engine === "postgres") {
    const [{ postgres }, { default: pg }] = [await import("@answerback/postgres"), await import("pg")];
    const { url, schema, now } = place;
    const pool = new pg.Pool({ connectionString: url, Client: committing(pg.Client, step) });
    return { backend: postgres({ pool, schema, now }), clock: systemClock, close: () => pool.end() };
  }
  const { sqlite } = await import("@answerback/sqlite");
  // its only clock is the process's
  const clock = { now: () => Date.now() + aheadMs(), after: systemClock.after };
  return { backend: sqlite({ file: place.file, clock }), clock, close };
}

/** A client for which a commit has a before, and a moment when it is on its way and nobody has heard of it. */
function committing(Client: typeof pg.Client, step: (name: string) => void): typeof pg.Client {
  return class extends Client {
    override query(...given: any[]): any {
      const isCommit = given[0]?.text === "COMMIT";
      if (isCommit) step("before COMMIT");
      const queried = Reflect.apply(super.query, this, given);
      if (isCommit) step("as COMMIT is on its way");
      return queried;
    }
  };
}
