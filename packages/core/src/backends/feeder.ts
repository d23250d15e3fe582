/** The feeder of a carrier: it looks for what is due, every now and then and when it is woken, and adds the keys. */
import { hash } from "node:crypto";
import type { Due, Records, WorkKind } from "../contract/backend.ts";
import { aClock, wholeNumber, withDefault, type Kind } from "../contract/kinds.ts";
import type { FeedOptions, Job, Queue } from "../contract/queue.ts";
import { systemClock, type Clock } from "../lib/clock.ts";
import { timedOut, withTimeout } from "../lib/timeout.ts";
import { wordsOf } from "../lib/words.ts";
import type { Opening } from "./open-once.ts";

/** An engine that has not taken keys after this long is as good as away: ms. */
const addWithinMs = 10_000;

/** How long an engine may be away before a warning says so: ms. */
const quietMs = 10_000;

/** The options with their defaults. */
export type Feeding = { readonly [Name in keyof FeedOptions]-?: NonNullable<FeedOptions[Name]> };

/** Looks until it is stopped. */
export interface Feeder {
  /** Something is due now. */
  readonly wake: () => void;
  readonly stop: () => void;
}

/** For `readOptions`: what every carrier takes for the feeding of its queues. */
export const feedOptions: { readonly [Name in keyof Feeding]: Kind<Feeding[Name]> } = {
  everyMs: withDefault(wholeNumber, 1_000),
  atOnce: withDefault(wholeNumber, 1_000),
  clock: withDefault(aClock, systemClock),
};

/** Feeds the queues from now on. What an engine that is away did not take is added the next time. */
export function startFeeder(
  records: Required<Pick<Records, "due">>,
  queues: Readonly<Record<WorkKind, Pick<Queue, "add">>>,
  { everyMs, atOnce, clock, warn }: Feeding & Pick<Opening, "warn">,
): Feeder {
  const report = createReport(clock, warn);
  let isStopped = false;
  let isLooking = false;
  let isWoken = false;
  let lookedAt = -Infinity;
  let cancel = () => {};

  async function look(): Promise<void> {
    [isLooking, isWoken, lookedAt] = [true, false, clock.now()];
    const due = await listDue();
    if (due.length > 0 && !isStopped) await add(due);
    isLooking = false;
    plan(isWoken ? soonMs() : everyMs);
  }

  /** Records that are away stay due. */
  async function listDue(): Promise<readonly Due[]> {
    try {
      return await records.due(atOnce);
    } catch {
      return [];
    }
  }

  async function add(due: readonly Due[]): Promise<void> {
    const adding = (["run", "post"] as const).map(async (kind) => {
      const jobs = due.filter((one) => one.kind === kind).map(toJob);
      if (jobs.length > 0) await queues[kind].add(jobs);
    });
    try {
      const added = await withTimeout(Promise.all(adding), addWithinMs, clock);
      if (added === timedOut) throw new Error(`it did not answer within ${addWithinMs} ms`);
      report();
    } catch (error) {
      if (!isStopped) report(error);
    }
  }

  /** Many saves are one look. */
  function soonMs(): number {
    return Math.max(0, lookedAt + everyMs / 10 - clock.now());
  }

  function plan(ms: number): void {
    cancel();
    if (!isStopped) cancel = clock.after(ms, () => void look());
  }

  plan(0);
  return {
    wake() {
      isWoken = true;
      if (!isLooking) plan(soonMs());
    },
    stop() {
      isStopped = true;
      cancel();
    },
  };
}

/** The digest of a value's JSON, which tells apart what UTF-8 does not: lone surrogates. */
export function digest(value: unknown): string {
  return hash("sha256", JSON.stringify(value), "base64url");
}

function toJob({ key, since }: Due): Job {
  return { id: digest([key, since]), key };
}

/** A function that hears how each adding went, and warns once of an engine that stays away. */
function createReport(clock: Clock, warn: Opening["warn"]): (error?: unknown) => void {
  let awaySince: number | undefined;
  let isWarned = false;
  return (error) => {
    if (error === undefined) return void ([awaySince, isWarned] = [undefined, false]);
    awaySince ??= clock.now();
    if (isWarned || clock.now() - awaySince < quietMs) return;
    isWarned = true;
    const message = `what is due waits: the engine that carries it has been away for ${quietMs / 1_000} s (${wordsOf(error)})`;
    warn({ code: "carrier_away", message });
  };
}
