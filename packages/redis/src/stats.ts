/** How many records there are: some are looked at, the rest is known from the sizes of the sets. */
import type { ListedState, RecordStats } from "@answerback/core/backend";
import type { RunScript } from "./scripts/script.ts";
import { scripts } from "./scripts/scripts.ts";
import { looksAtOnce, shareOf, type Session } from "./session.ts";

/** Counts the records of all shards. */
export async function countRecords(session: Session, upTo: number): Promise<RecordStats> {
  const all = session.shards.all;
  const looks = Math.max(looksAtOnce, shareOf(upTo, all.length));
  const ofShards = await Promise.all(all.map((shard) => countShard(session, shard, { looks, upTo })));
  const counts = states.map((state) => {
    const many = ofShards.reduce((sum, one) => sum + one.counts[state], 0);
    return [state, Math.min(many, upTo)] as const;
  });
  return {
    counts: Object.fromEntries(counts) as Record<ListedState, number>,
    dueForMs: Math.max(...ofShards.map(({ dueForMs }) => dueForMs)),
  };
}

const states = ["held", "free", "due", "waiting", "paused", "dead", "settled"] as const;

/**
 * Of the records that are neither settled nor dead so many are looked at, the newest. Where there are more, of the rest only
 * how many are held or free is not known, and those are taken for waiting. A few records are all looked at; of many, some
 * that count as settled may have been forgotten a while ago.
 */
async function countShard(
  { run }: Session,
  shard: string,
  { looks, upTo }: { readonly looks: number; readonly upTo: number },
): Promise<RecordStats> {
  const all = await look(run, shard, { set: "all", looks: looksAtOnce });
  const some = await look(run, shard, { set: "open", looks });
  const [open, due, paused, dead, listed, dueMs]: Sizes = await run(scripts.sizes, shard, [upTo]);
  const { held, free } = some.counts;
  const rest = { due, paused, waiting: open - due - paused - held - free };
  const counts = {
    ...some.counts,
    ...(some.isWhole ? undefined : rest),
    dead,
    settled: all.isWhole ? all.counts.settled : Math.max(0, listed - open - dead),
  };
  return { counts, dueForMs: Math.max(0, -Number(dueMs)) };
}

/** How many are open, due, paused, dead, listed; ms until the first work is due, if there is any. */
type Sizes = [number, number, number, number, number, string | null];

/** The states of so many records of a set, the newest; and whether these are all. */
async function look(
  run: RunScript,
  shard: string,
  { set, looks }: { readonly set: "all" | "open"; readonly looks: number },
): Promise<{ counts: Record<ListedState, number>; isWhole: boolean }> {
  const counts = { held: 0, free: 0, due: 0, waiting: 0, paused: 0, dead: 0, settled: 0 };
  let behind: string | null = "";
  for (let left = looks; behind !== null && left > 0; left -= looksAtOnce) {
    const reply: any[] = await run(scripts.count, shard, [set, Math.min(left, looksAtOnce), behind]);
    behind = reply[0];
    for (const [index, state] of states.entries()) counts[state] += reply[index + 1];
  }
  return { counts, isWhole: behind === null };
}
