/** A process that starts with 100,000 callbacks due. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inChild } from "../../child.ts";
import { atMost, type Findings } from "../../group.ts";
import type { Settings } from "../../settings.ts";
import { quantile } from "../../statistics.ts";
import type { DueFigures } from "../../work/due-child.ts";

/** Upsales waits longer than this for an answer; more than a second would be noticed. */
const longestWaitMs = 1_000;
/** Far less than what is due takes as objects. */
const mostMemoryMb = 256;

/** On SQLite, while deliveries come in one after the other. */
export async function measureStart({ scale }: Settings): Promise<Findings> {
  const count = Math.ceil(100_000 * scale);
  const folder = mkdtempSync(join(tmpdir(), "answerback-bench-"));
  const file = join(folder, "records.db");
  await inChild("work/due-fill-child.ts", [file, count]);
  const { firstReply, allPosted, took, grownBy } = await inChild<DueFigures>("work/due-child.ts", [
    file,
    count,
  ]);
  rmSync(folder, { recursive: true });
  const [p50, p99, most] = [quantile(took, 0.5), quantile(took, 0.99), Math.max(...took)];
  const columns = [
    ...["due", "first reply ms", "all posted ms", "posts/s"],
    ...["delivery p50 ms", "p99 ms", "longest ms", "memory MB"],
  ];
  const row = [count, firstReply, allPosted, (count / allPosted) * 1_000, p50, p99, most, grownBy];
  const title =
    "a receiver on SQLite that starts with callbacks due, while deliveries come in one after the other";
  return {
    tables: [{ title, columns, rows: [row] }],
    verdicts: [
      atMost(7, "start-up to the first reply, ms", { value: firstReply, bound: longestWaitMs }),
      atMost(7, "longest delivery meanwhile, ms", { value: most, bound: longestWaitMs }),
      atMost(7, "memory above the start, MB", { value: grownBy, bound: mostMemoryMb }),
    ],
  };
}
