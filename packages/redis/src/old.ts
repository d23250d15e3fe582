/** What older versions left behind: it comes into the lists, a few at a time, so that other clients get their turns. */
import { telling } from "./replies.ts";
import type { RunScript } from "./scripts/script.ts";
import { scripts } from "./scripts/scripts.ts";

/** How long dead letters of a version that never forgot them are kept: ms. */
const keptMs = 30 * 86_400_000;

/** Takes along all of a shard that has work. What was settled by then is in no list, until it is forgotten. */
export async function takeAlong(run: RunScript, shard: string): Promise<void> {
  while (Number(await run(scripts.buryOldDead, shard, [keptMs])) > 0);
  for (const set of ["due", "due-post", "died"]) {
    let cursor = "0";
    do {
      const [next, ...found] = await run(scripts.findOld, shard, [set, cursor]);
      await Promise.all(found.map(([key, work]: [string, string]) => listOld(run, shard, { key, work })));
      cursor = next;
    } while (cursor !== "0");
  }
}

/**
 * Lists a record that only the version before has claimed. A claim of that version does not say what it is about, but its
 * work says the type of the event, and when it arrived.
 */
export async function listOld(
  run: RunScript,
  shard: string,
  { key, work }: { readonly key: string; readonly work: string },
): Promise<void> {
  const parts = partsOf(work);
  const { type, receivedAt, since } = { ...parts, ...parts.event };
  // what is longer is no name
  const name = typeof type === "string" && type.length <= 100 ? JSON.stringify(type) : null;
  const arrivedAt = Number(receivedAt ?? since);
  await run(scripts.listOld, shard, [
    key,
    Number.isFinite(arrivedAt) ? arrivedAt : "",
    ...telling({ name, id: null }),
  ]);
}

/** What is read of a work; none of it where another version wrote it in another way. */
interface Parts {
  readonly event?: Parts;
  readonly type?: unknown;
  readonly receivedAt?: unknown;
  readonly since?: unknown;
}

function partsOf(work: string): Parts {
  try {
    return (JSON.parse(work) ?? {}) as Parts;
  } catch {
    return {};
  }
}
