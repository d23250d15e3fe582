/** Goal 5: the in-memory backend by the number of keys that it remembers. */
import { inChild } from "../child.ts";
import { atMost, type Group } from "../group.ts";
import { median } from "../statistics.ts";
import type { FlatFigures } from "../work/flat-child.ts";
import type { MemoryFigures } from "../work/memory-child.ts";

const batches = 40;
/** Keys that memory remembers unless it is told otherwise. */
const defaultBound = 100_000;

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
    const bound = Math.ceil(defaultBound * scale);
    const { heaps, longest } = await inChild<FlatFigures>("work/flat-child.ts", [bound, ...marks]);
    const rows = filled.map(({ keys, bytes, claimNew, claimAgain, save, longestVerb }) => [
      ...[keys, bytes, median(claimNew), median(save), median(claimAgain), longestVerb],
    ]);
    const atMillion = filled[2]!;
    const columns = ["keys", "bytes a key", "claim µs", "save µs", "duplicate µs", "longest claim + save ms"];
    return {
      tables: [
        { title: "filled", columns, rows },
        {
          title: `heap and buffers after a collection, deliveries through a receiver that remembers ${bound}; the longest of them took ${longest.toFixed(1)} ms`,
          columns: ["deliveries", "MB"],
          rows: marks.map((mark, at) => [mark, heaps[at]!]),
        },
      ],
      verdicts: [
        atMost(5, "bytes a remembered key, at a million", { value: atMillion.bytes, bound: 300 }),
        atMost(5, "µs a claim, at a million", { value: median(atMillion.claimNew), bound: 1.5 }),
        atMost(5, "longest delivery at the default bound, ms", { value: longest, bound: 50 }),
        atMost(5, "heap at the last deliveries / at the first", {
          value: heaps[1]! / heaps[0]!,
          bound: 1.05,
        }),
      ],
    };
  },
};
