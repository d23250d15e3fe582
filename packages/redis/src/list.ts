/** A page of records: each shard is asked for one, and they are put together. */
import type { Entry, Listing, ListOptions, Place } from "@answerback/core/backend";
import { byPlace, place } from "./places.ts";
import { entry, tagOf, wholeMs } from "./replies.ts";
import type { RunScript } from "./scripts/script.ts";
import { scripts } from "./scripts/scripts.ts";
import { looksAtOnce, type Session } from "./session.ts";

/** How many scripts look for a page in a shard, where most records have to be passed over. */
const mostLooks = 3;

/** Lists records. */
export async function listRecords({ shards, run }: Session, page: ListOptions): Promise<Listing> {
  const pages = await Promise.all(shards.all.map((shard) => pageOf(run, shard, page)));
  const { limit, state } = page;
  // behind it a shard may have more, so that the others must wait
  const [end = null] = pages.flatMap(({ next }) => next ?? []).toSorted(byPlace);
  const isBefore = (one: Entry) => end === null || byPlace(placeIn(state, one), end) <= 0;
  const entries = pages
    .flatMap((one) => one.entries)
    .filter(isBefore)
    .toSorted((a, b) => byPlace(placeIn(state, a), placeIn(state, b)));
  const shown = entries.slice(0, limit);
  return { entries: shown, next: entries.length > limit ? placeIn(state, shown.at(-1)!) : end };
}

async function pageOf(run: RunScript, shard: string, page: ListOptions): Promise<Listing> {
  const entries: Entry[] = [];
  let next = page.after ?? null;
  for (let times = 0; times < mostLooks; times += 1) {
    const rest = { ...page, limit: page.limit - entries.length, after: next ?? undefined };
    const [stop, some] = await run(scripts.list, shard, asking(rest));
    entries.push(...(some as any[]).flatMap((reply) => entry(reply) ?? []));
    next = stop === null ? null : place(stop);
    if (next === null || entries.length === page.limit) break;
  }
  return { entries, next };
}

/** A page as the script takes it. */
function asking({ limit, after, state, name, id, since = 0 }: ListOptions): (string | number)[] {
  // what is empty asks for any; no record has the dash, which is no JSON text
  const [named = "", withId = ""] = [name, id].map((text) => (text === "" ? "-" : text));
  const from = Math.max(0, wholeMs(since));
  const tags = tagOf(named) + tagOf(withId);
  return [limit, looksAtOnce, state ?? "", named, withId, tags, from, after?.at ?? "", after?.key ?? ""];
}

function placeIn(state: ListOptions["state"], { key, diedAt, arrivedAt }: Entry): Place {
  return { at: (state === "dead" ? diedAt : arrivedAt)!, key };
}
