/** The verbs of one receiver: each is one script on the shard of its key; what has no key looks at all shards. */
import {
  createPoller,
  isPromise,
  systemClock,
  type Due,
  type LeaseToken,
  type Records,
  type TakeOptions,
  type Taken,
  type WorkKind,
} from "@answerback/core/backend";
import { findCauses } from "./causes.ts";
import { listRecords } from "./list.ts";
import { listOld } from "./old.ts";
import { changing, claimed, dues, entry, leasing, taken, telling, wholeMs } from "./replies.ts";
import { scripts } from "./scripts/scripts.ts";
import type { Session } from "./session.ts";
import { countRecords } from "./stats.ts";
import { createUpkeep } from "./upkeep.ts";

/** How long a worker sleeps at most, for what another process made due: ms. */
const longestSleepMs = 1_000;

const kinds = ["run", "post"] as const satisfies WorkKind[];

/** The records of a receiver; they call `release` when they close. */
export function openRecords(session: Session, release: () => void): Records {
  const { shards, linger, run } = session;
  const upkeep = createUpkeep(session);
  /** Until the next work is due, as the last take that found none saw it: ms. */
  let untilDueMs = Infinity;
  const poller = createPoller(take, { clock: systemClock, sleepMs });

  async function take(lease: LeaseToken, which: TakeOptions = {}): Promise<Taken | undefined> {
    const { key, early, kind = "" } = which;
    if (key !== undefined) {
      const args = [...leasing(lease), key, early === true ? "any" : early || ""];
      return handed(await run(scripts.takeOne, shards.of(key), args), shards.of(key));
    }
    upkeep.sweep();
    untilDueMs = Infinity;
    for (const shard of await shardsToTakeFrom(kind)) {
      const reply = await run(scripts.take, shard, [...leasing(lease), kind]);
      if (reply[0] !== null && reply.length > 0) return handed(reply, shard);
      sleepUntil(reply[1]);
    }
    return undefined;
  }

  function handed(reply: readonly any[], shard: string): Taken | undefined {
    const record = taken(reply);
    const isOld = reply[6] === 1;
    // a process of the version before works beside this one
    if (record && isOld) listOld(run, shard, record).catch(() => {});
    return record;
  }

  /** Those with due work, what has been due longest first. An only one is not asked beforehand. */
  async function shardsToTakeFrom(kind: WorkKind | ""): Promise<readonly string[]> {
    if (shards.all.length === 1) return shards.all;
    const looks = await Promise.allSettled(shards.all.map((shard) => lookAt(shard, kind)));
    const seen = looks.flatMap((look) => (look.status === "fulfilled" ? look.value : []));
    const due = seen.filter(({ ms }) => ms <= 0).toSorted((a, b) => a.ms - b.ms);
    // the work of the shards that answer goes on without the others
    const failed = looks.find((look) => look.status === "rejected");
    if (due.length === 0 && failed) throw failed.reason;
    for (const { ms } of seen) if (ms > 0) sleepUntil(ms);
    return due.map(({ shard }) => shard);
  }

  async function lookAt(shard: string, kind: WorkKind | ""): Promise<{ shard: string; ms: number }> {
    return { shard, ms: Number((await run(scripts.firstDue, shard, [kind])) ?? Infinity) };
  }

  function sleepMs(): number {
    // what is due and was not taken could not be: Redis is away
    return untilDueMs > 0 ? Math.min(untilDueMs, longestSleepMs) : longestSleepMs;
  }

  function sleepUntil(ms: unknown): void {
    untilDueMs = Math.min(untilDueMs, Number(ms ?? Infinity));
  }

  return {
    take,

    async claim(key, lease, about) {
      const shard = shards.of(key);
      const reply = await run(scripts.claim, shard, [key, ...leasing(lease), ...telling(about)]);
      upkeep.hasArrived(shard, reply[3] ?? 0);
      upkeep.sweep();
      return claimed(reply);
    },

    async save(key, { token, sequence }, change) {
      const covering = linger.cover(change);
      if (isPromise(covering)) await covering;
      const args = [key, token, sequence, ...changing(change)];
      const [saved, dueMs, kind] = await run(scripts.save, shards.of(key), args);
      if (typeof dueMs === "string") poller.wakeFor(Number(dueMs), kind);
      return Number(saved) === 1;
    },

    async get(key) {
      return entry(await run(scripts.get, shards.of(key), [key]));
    },

    async list(page) {
      if (page.id !== undefined) await upkeep.closeAll();
      return listRecords(session, page);
    },

    stats: (upTo) => countRecords(session, upTo),

    causes: (limit) => findCauses(session, limit),

    async erase(key, { answer, forMs }) {
      const covering = linger.cover({ forMs });
      if (isPromise(covering)) await covering;
      return Number(await run(scripts.erase, shards.of(key), [key, answer, wholeMs(forMs)])) === 1;
    },

    async due(limit) {
      const looks = shards.all.flatMap((shard) =>
        kinds.map(async (kind) => dues(await run(scripts.listDue, shard, [limit, kind]), kind)),
      );
      const pages = await Promise.allSettled(looks);
      const listed = pages.flatMap((page) => (page.status === "fulfilled" ? page.value : []));
      // the work of the shards that answer goes on without the others
      const failed = pages.find((page) => page.status === "rejected");
      if (listed.length === 0 && failed) throw failed.reason;
      return listed.toSorted(bySince).slice(0, limit);
    },

    work: (worker) => poller.start(worker),

    async close() {
      poller.stop();
      release();
    },
  };
}

function bySince(a: Due, b: Due): number {
  return Number(a.since) - Number(b.since);
}
