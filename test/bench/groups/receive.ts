/** Goal 8: `receive()` without HTTP, beside a hand-written parse, compare, map and stringify of the same delivery. */
import { inChild } from "../child.ts";
import { atMost, type Findings, type Group } from "../group.ts";
import type { Settings } from "../settings.ts";
import { median, ratios, spread } from "../statistics.ts";
import { formats, type Format } from "../work/deliveries.ts";

interface Figures {
  readonly ours: number[];
  readonly byHand: number[];
}

export const receive: Group = {
  name: "receive",
  title: "a delivery without HTTP, one at a time, every event a new one",
  async measure(settings): Promise<Findings> {
    const measured: [Format, Figures][] = [];
    for (const format of formats) measured.push([format, await figuresOf(format, settings)]);
    const rows = measured.map(([format, { ours, byHand }]) => {
      const ratio = ratios(ours, byHand);
      return [format, median(ours), median(byHand), median(ratio), spread(ratio)];
    });
    const columns = ["", "receive() µs", "by hand µs", "ratio", "± (middle half)"];
    return {
      tables: [{ title: "µs a delivery", columns, rows }],
      verdicts: measured.map(([format, { ours, byHand }]) =>
        atMost(8, `${format}: receive() / by hand`, { value: median(ratios(ours, byHand)), bound: 2 }),
      ),
    };
  },
};

async function figuresOf(format: Format, { restarts, rounds, scale }: Settings): Promise<Figures> {
  const pooled: Figures = { ours: [], byHand: [] };
  const perRound = Math.ceil(20_000 * scale);
  for (let start = 0; start < restarts; start += 1) {
    const { ours, byHand } = await inChild<Figures>("work/receive-child.ts", [format, rounds, perRound]);
    pooled.ours.push(...ours);
    pooled.byHand.push(...byHand);
  }
  return pooled;
}
