/** The verbs of one receiver: each is one script on the shard of its key; what has no key looks at all shards. */
import { openPumps, systemClock } from "@answerback/core";
import type { Due, Entry, HoldToken, Records, Taken } from "@answerback/core";
import type { Desk } from "./desk.ts";
import { changing, claimed, dues, entry, holding, taken, wholeMs } from "./replies.ts";
import { scripts } from "./scripts.ts";

/** How long a worker sleeps at most, for what another process made due: ms. */
const longestSleepMs = 1_000;

/** The records of a receiver; `letGo` is called when they close. */
export function openRecords(desk: Desk, letGo: () => void): Records {
  const { shards, run } = desk;
  /** Until the next work is due, as the last take that found none saw it: ms. */
  let untilDue = Infinity;
  const pumps = openPumps(take, { clock: systemClock, sleepMs });

  async function take(hold: HoldToken, from?: { key: string; early?: boolean }): Promise<Taken | undefined> {
    if (from) {
      const args = [...holding(hold), from.key, from.early ? 1 : 0];
      return taken(await run(scripts.takeOne, shards.of(from.key), args));
    }
    untilDue = Infinity;
    for (const shard of await shardsToTakeFrom()) {
      const reply = await run(scripts.take, shard, holding(hold));
      if (reply[0] !== null && reply.length > 0) return taken(reply);
      sleepUntil(reply[1]);
    }
    return undefined;
  }

  /** Those with due work, what has been due longest first. An only one is not asked beforehand. */
  async function shardsToTakeFrom(): Promise<readonly string[]> {
    if (shards.all.length === 1) return shards.all;
    const looks = await Promise.allSettled(shards.all.map(lookAt));
    const seen = looks.flatMap((look) => (look.status === "fulfilled" ? look.value : []));
    const due = seen.filter(({ ms }) => ms <= 0).toSorted((a, b) => a.ms - b.ms);
    // the work of the shards that answer goes on without the others
    const failed = looks.find((look) => look.status === "rejected");
    if (due.length === 0 && failed) throw failed.reason;
    for (const { ms } of seen) if (ms > 0) sleepUntil(ms);
    return due.map(({ shard }) => shard);
  }

  async function lookAt(shard: string): Promise<{ shard: string; ms: number }> {
    return { shard, ms: Number((await run(scripts.firstDue, shard)) ?? Infinity) };
  }

  function sleepMs(): number {
    // what is due and was not taken could not be: Redis is away
    return untilDue > 0 ? Math.min(untilDue, longestSleepMs) : longestSleepMs;
  }

  function sleepUntil(ms: unknown): void {
    untilDue = Math.min(untilDue, Number(ms ?? Infinity));
  }

  return {
    take,

    async claim(key, hold) {
      return claimed(await run(scripts.claim, shards.of(key), [key, desk.lingerMs, ...holding(hold)]));
    },

    async save(key, { token, step }, change) {
      // before it, so that this record lingers as long; once for each longer retention
      if (change.forMs && !change.work) await desk.lingerFor(wholeMs(change.forMs));
      const args = [key, desk.lingerMs, token, step, ...changing(change)];
      const [saved, dueMs] = await run(scripts.save, shards.of(key), args);
      if (dueMs !== undefined) pumps.wakeFor(Number(dueMs));
      return Number(saved) === 1;
    },

    async get(key) {
      return entry(await run(scripts.get, shards.of(key), [key]));
    },

    async dead({ limit, after = "" }) {
      const pages = await Promise.all(
        shards.all.map((shard) => run(scripts.listDead, shard, [after, limit])),
      );
      const entries = pages.flat().flatMap((reply) => entry(reply) ?? []);
      return entries.toSorted(byKey).slice(0, limit);
    },

    async due(limit) {
      const pages = await Promise.allSettled(shards.all.map((shard) => run(scripts.listDue, shard, [limit])));
      const listed = pages.flatMap((page) => (page.status === "fulfilled" ? dues(page.value) : []));
      // the work of the shards that answer goes on without the others
      const failed = pages.find((page) => page.status === "rejected");
      if (listed.length === 0 && failed) throw failed.reason;
      return listed.toSorted(bySince).slice(0, limit);
    },

    work: (worker) => pumps.start(worker),

    async close() {
      pumps.stop();
      letGo();
    },
  };
}

/** As Redis sorts them: by their bytes. */
function byKey(a: Entry, b: Entry): number {
  return Buffer.compare(Buffer.from(a.key), Buffer.from(b.key));
}

function bySince(a: Due, b: Due): number {
  return Number(a.since) - Number(b.since);
}
