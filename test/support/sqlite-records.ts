/** Records in a file on a clock that stands, and the shortest way to put something there. */
import type { About, Backend, Change, Records } from "@answerback/core/backend";
import { sqlite, type SqliteOptions } from "@answerback/sqlite";
import { onTestFinished } from "vitest";
import { manualClock, type ManualClock } from "./manual-clock.ts";
import { fileOfTest } from "./sqlite-file.ts";

export const day = 86_400_000;
export const settle = { answer: '"done"', work: null, forMs: day };

interface OnFile {
  readonly records: Records;
  readonly clock: ManualClock;
  readonly file: string;
  readonly backend: Backend;
}

/** A receiver's records until the test is finished. */
export async function opened(options: Partial<SqliteOptions> = {}): Promise<OnFile> {
  const clock = manualClock();
  const file = fileOfTest();
  const backend = sqlite({ file, clock, ...options });
  onTestFinished(() => backend.close());
  return { records: await backend.open("receiver"), clock, file, backend };
}

/** Holds under a token that is the key: one holder a record is enough here. */
export function lease(token: string, sequence = 0) {
  return { token, sequence, leaseMs: 60_000 };
}

/** What a listed record is about, if it matters to nobody. */
export const about: About = { name: '"order.insert"', id: '"4711"' };

/** What a delivery and its handler do. */
export async function claimAndSave(
  records: Records,
  key: string,
  change: Change,
  what?: About,
): Promise<void> {
  await records.claim(key, lease(key), what);
  await records.save(key, lease(key, 1), change);
}

export function keysOf(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `key ${index}`);
}
