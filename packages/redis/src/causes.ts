/** Why dead letters died: the newest of all shards, in groups. */
import type { Cause, Place } from "@answerback/core/backend";
import { byPlace, place } from "./places.ts";
import type { RunScript } from "./scripts/script.ts";
import { scripts } from "./scripts/scripts.ts";
import { looksAtOnce, shareOf, type Session } from "./session.ts";

/** The groups, the largest first. */
export async function findCauses({ shards, run }: Session, limit: number): Promise<Cause[]> {
  const all = shards.all;
  const share = shareOf(limit, all.length);
  const letters = await Promise.all(all.map((shard) => newestOf(run, shard, share)));
  const newest = letters.flat().toSorted((a, b) => byPlace(a.place, b.place));
  return groups(newest.slice(0, limit));
}

/** A dead letter and why it died. */
interface Letter {
  readonly place: Place;
  readonly note: string | null;
  readonly name: string | null;
}

async function newestOf(run: RunScript, shard: string, limit: number): Promise<Letter[]> {
  const letters: Letter[] = [];
  let behind: string | null = "";
  while (behind !== null && letters.length < limit) {
    const looks = Math.min(limit - letters.length, looksAtOnce);
    const reply: any[] = await run(scripts.causes, shard, [looks, behind]);
    const [stop, places, numbers, texts] = reply;
    for (const [index, text] of (places as string[]).entries()) {
      const at = 2 * (numbers[index] - 1);
      letters.push({ place: place(text), note: texts[at], name: texts[at + 1] || null });
    }
    behind = stop;
  }
  return letters;
}

function groups(letters: readonly Letter[]): Cause[] {
  const known = new Map<string, { note: string | null; name: string | null; count: number }>();
  for (const { note, name } of letters) {
    const cause = JSON.stringify([note, name]);
    const group = known.get(cause) ?? { note, name, count: 0 };
    group.count += 1;
    known.set(cause, group);
  }
  return [...known.values()].toSorted((a, b) => b.count - a.count);
}
