/** Goal 8: `receive()` without HTTP, beside a hand-written parse, compare, map and stringify of the same delivery. */
import { inChild } from "../child.ts";
import { atMost, type Findings, type Group } from "../group.ts";
import type { Settings } from "../settings.ts";
import { median, ratios, spread } from "../statistics.ts";
import { formats, type Format } from "../work/deliveries.ts";
import type { ReceiveFigures } from "../work/receive-child.ts";

/** What ours may take of the time by hand. The floor stands beside it, as what it cannot go below. */
const bounds: Readonly<Record<Format, number>> = { json: 2.1, form: 1.8 };

export const receive: Group = {
  name: "receive",
  title: "a delivery without HTTP, one at a time, every event a new one",
  async measure(settings): Promise<Findings> {
    const measured: [Format, ReceiveFigures][] = [];
    for (const format of formats) measured.push([format, await figuresOf(format, settings)]);
    const rows = measured.map(([format, { ours, floor, byHand }]) => {
      const ratio = ratios(ours, byHand);
      return [
        ...[format, median(ours), median(floor), median(byHand)],
        ...[median(ratio), spread(ratio), median(ratios(floor, byHand))],
      ];
    });
    const columns = [
      ...["", "receive() µs", "floor µs", "by hand µs"],
      ...["receive() / by hand", "± (middle half)", "floor / by hand"],
    ];
    return {
      tables: [{ title: "µs a delivery", columns, rows }],
      verdicts: measured.map(([format, { ours, byHand }]) =>
        atMost(8, `${format}: receive() / by hand`, {
          value: median(ratios(ours, byHand)),
          bound: bounds[format],
        }),
      ),
    };
  },
};

async function figuresOf(
  format: Format,
  { restarts, rounds, scale, warmUp }: Settings,
): Promise<ReceiveFigures> {
  const pooled: ReceiveFigures = { ours: [], floor: [], byHand: [] };
  const perRound = Math.ceil(20_000 * scale);
  for (let start = 0; start < restarts; start += 1) {
    const args = [format, rounds, perRound, warmUp];
    const found = await inChild<ReceiveFigures>("work/receive-child.ts", args);
    pooled.ours.push(...found.ours);
    pooled.floor.push(...found.floor);
    pooled.byHand.push(...found.byHand);
  }
  return pooled;
}
