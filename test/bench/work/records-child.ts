/** A store with very many records: what a page of each list takes, the counts, the causes, and a delivery before and after. */
import { randomUUID } from "node:crypto";
import type { ListOptions, Place, Records } from "@answerback/core/backend";
import { tell } from "../child.ts";
import { claimAndSave, fill, idOf, perSecond, rare } from "./events.ts";
import { stores, type EngineName } from "./stores.ts";

/** What was asked for, and what it took: ms a page. */
export interface ListFigures {
  readonly what: string;
  readonly took: readonly number[];
  /** How many records came. */
  readonly found: number;
}

/** Deliveries a second, one figure a round. */
export interface RecordsFigures {
  readonly lists: readonly ListFigures[];
  readonly empty: readonly number[];
  readonly full: readonly number[];
}

type Filter = Omit<ListOptions, "limit" | "after">;

const engine = process.argv[2] as EngineName;
const [count, rounds, ms] = process.argv.slice(3).map(Number) as [number, number, number];
const store = await stores[engine]();
const records: Records<any> = await store.backend.open(`bench ${randomUUID()}`);

const empty = await deliveries();
await fill(records, count);
const lists = [
  await pagesOf("newest", [{}]),
  ...(await inTurn(["settled", "held", "free", "due", "waiting", "paused", "dead"] as const, (state) =>
    pagesOf(state, [{ state }]),
  )),
  await pagesOf("a frequent name", [{ name: '"order.3"' }]),
  await pagesOf("a rare name", [{ name: rare.name }]),
  await pagesOf("a name that none has", [{ name: '"none"' }]),
  await pagesOf("an id", someIds()),
  await pagesOf("an id among the dead", [{ state: "dead", id: idOf(count - 1, count) }]),
  await timesOf("stats", async () => records.stats(10_000)),
  await timesOf("causes", async () => records.causes(10_000)),
];
const full = await deliveries();
await store.close();
tell({ lists, empty, full } satisfies RecordsFigures);

/** 64 in flight; the first round is for V8. */
async function deliveries(): Promise<number[]> {
  const perRound: number[] = [];
  for (let round = 0; round <= rounds; round += 1)
    perRound.push(await perSecond(claimAndSave(records), { width: 64, ms }));
  return perRound.slice(1);
}

/** Pages of 50, from the newest on to the end, but no more than 40 of a filter. The first walk is for V8 and caches. */
async function pagesOf(what: string, filters: readonly Filter[]): Promise<ListFigures> {
  await walk(filters[0]!);
  const walks = await inTurn(filters, walk);
  return {
    what,
    took: walks.flatMap(({ took }) => took),
    found: walks.reduce((sum, { found }) => sum + found, 0),
  };
}

async function walk(filter: Filter): Promise<{ took: number[]; found: number }> {
  const took: number[] = [];
  let found = 0;
  for (let after: Place | null | undefined; after !== null && took.length < 40;) {
    const startedAt = performance.now();
    const { entries, next } = await records.list({ limit: 50, after, ...filter });
    took.push(performance.now() - startedAt);
    found += entries.length;
    after = next;
  }
  return { took, found };
}

/** Ten of them, old and new. */
function someIds(): Filter[] {
  return Array.from({ length: 10 }, (_, at) => ({ id: idOf(Math.floor((at * count) / 40), count) }));
}

async function timesOf(what: string, ask: () => Promise<unknown>): Promise<ListFigures> {
  await ask();
  const took = await inTurn(Array.from({ length: 20 }), async () => {
    const startedAt = performance.now();
    await ask();
    return performance.now() - startedAt;
  });
  return { what, took, found: 0 };
}

async function inTurn<Given, Got>(all: readonly Given[], each: (one: Given) => Promise<Got>): Promise<Got[]> {
  const got: Got[] = [];
  for (const one of all) got.push(await each(one));
  return got;
}
