/** Memory filled to a number of keys: what a key takes, what a claim costs there, and the longest pause on the way. */
import { hash } from "node:crypto";
import { memory } from "@answerback/core";
import { type Records } from "@answerback/core/backend";
import { tell } from "../child.ts";

/** What a fill found. */
export interface MemoryFigures {
  readonly keys: number;
  /** Of a remembered key beside its answer, which all of them share. */
  readonly bytes: number;
  /** µs, one figure a batch. */
  readonly claimNew: number[];
  readonly claimAgain: number[];
  readonly save: number[];
  /** ms. */
  readonly longestVerb: number;
}

const [keys, batches] = process.argv.slice(2).map(Number) as [number, number];
const perBatch = 1_000;
const answer = '{"status":200,"headers":{},"body":""}';
const settled = { answer, work: null, forMs: 86_400_000 };
const limits = { maxKeys: keys + batches * perBatch, maxAnswerBytes: 2 ** 40 };
const records = await memory(limits).open("receiver");
let longestVerb = 0;

await passThrough(0, Math.min(keys, 5_000));
const before = used();
for (let at = 5_000; at < keys; at += perBatch) await passThrough(at, at + perBatch);
const bytes = (used() - before) / Math.max(keys - 5_000, 1);

const figures: MemoryFigures = { keys, bytes, claimNew: [], claimAgain: [], save: [], longestVerb };
for (let batch = 0; batch < batches; batch += 1) {
  const at = keys + batch * perBatch;
  const all = Array.from({ length: perBatch }, (_, number) => keyOf(at + number));
  figures.claimNew.push(await timed(all, claim));
  figures.save.push(
    await timed(all, (one, key) => one.save(key, { token: key, sequence: 1, leaseMs: 60_000 }, settled)),
  );
  figures.claimAgain.push(
    await timed(
      all.map((_, number) => keyOf((number * 7_919 + batch) % at)),
      claimAgain,
    ),
  );
}
tell({ ...figures, longestVerb });

function claim(one: Records, key: string): unknown {
  return one.claim(key, { token: key, sequence: 0, leaseMs: 60_000 });
}

function claimAgain(one: Records, key: string): unknown {
  return one.claim(key, { token: "another", sequence: 0, leaseMs: 60_000 });
}

/** µs a key. */
async function timed(
  all: readonly string[],
  verb: (records: Records, key: string) => unknown,
): Promise<number> {
  const startedAt = performance.now();
  for (const key of all) await verb(records, key);
  return ((performance.now() - startedAt) * 1_000) / all.length;
}

/** Claims and settles the keys of a range. */
async function passThrough(from: number, to: number): Promise<void> {
  for (let number = from; number < to; number += 1) {
    const key = keyOf(number);
    const startedAt = performance.now();
    await claim(records, key);
    await records.save(key, { token: key, sequence: 1, leaseMs: 60_000 }, settled);
    longestVerb = Math.max(longestVerb, performance.now() - startedAt);
  }
  await new Promise((resolve) => setImmediate(resolve));
}

function keyOf(number: number): string {
  return hash("sha256", String(number), "base64url");
}

function used(): number {
  globalThis.gc!();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
