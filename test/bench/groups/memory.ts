/** Goal 5: the in-memory backend by the number of keys that it remembers. */
import { inChild } from "../child.ts";
import { atMost, type Group } from "../group.ts";
import { median } from "../statistics.ts";
import type { MemoryFigures } from "../work/memory-child.ts";

const batches = 40;

export const backendInMemory: Group = {
  name: "memory",
  title: "memory by the number of remembered keys; every key a digest, one answer for all",
  async measure({ scale }) {
    const filled: MemoryFigures[] = [];
    for (const keys of [10_000, 100_000, 1_000_000, 5_000_000]) {
      const fewer = Math.max(Math.round(keys * scale), 1_000);
      filled.push(await inChild("work/memory-child.ts", [fewer, Math.ceil(batches * scale)]));
    }
    const marks = [200_000, 1_000_000].map((mark) => Math.round(mark * scale));
    const heaps = await inChild<number[]>("work/flat-child.ts", [Math.ceil(100_000 * scale), ...marks]);
    const rows = filled.map(({ keys, bytes, claimNew, claimAgain, save, longestVerb }) => [
      ...[keys, bytes, median(claimNew), median(save), median(claimAgain), longestVerb],
    ]);
    const atMillion = filled[2]!;
    const columns = ["keys", "bytes a key", "claim µs", "save µs", "duplicate µs", "longest claim + save ms"];
    return {
      tables: [
        { title: "filled", columns, rows },
        {
          title:
            "heap and buffers after a collection, deliveries through a receiver that remembers half of the first",
          columns: ["deliveries", "MB"],
          rows: marks.map((mark, at) => [mark, heaps[at]!]),
        },
      ],
      verdicts: [
        atMost(5, "bytes a remembered key, at a million", { value: atMillion.bytes, bound: 130 }),
        atMost(5, "µs a claim, at a million", { value: median(atMillion.claimNew), bound: 1.5 }),
        atMost(5, "longest pause on the way to a million: ms", { value: atMillion.longestVerb, bound: 100 }),
        atMost(5, "heap at the last deliveries / at the first", {
          value: heaps[1]! / heaps[0]!,
          bound: 1.05,
        }),
      ],
    };
  },
};
