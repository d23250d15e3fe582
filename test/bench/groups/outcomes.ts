/** Goal 4: duplicates beside first deliveries, refusals beside accepted ones, over HTTP. */
import { atLeast, atMost, joined, type Findings, type Group } from "../group.ts";
import { measureRounds, type Series } from "../http/rounds.ts";
import type { Settings } from "../settings.ts";
import { median, quantile, ratios, spread } from "../statistics.ts";
import type { Format } from "../work/deliveries.ts";

const app = "answerback on node:http";

export const outcomes: Group = {
  name: "outcomes",
  title:
    "one receiver on node:http under first deliveries, duplicates of 1,000 events, and wrong credentials",
  async measure(settings) {
    const findings: Findings[] = [];
    for (const format of settings.formats) findings.push(await measureFormat(format, settings));
    return joined(findings);
  },
};

async function measureFormat(format: Format, settings: Settings): Promise<Findings> {
  const subjects = [
    { name: "first", app, traffic: { sample: format, status: 200 } },
    { name: "duplicate", app, traffic: { sample: format, status: 200, again: 1_000 } },
    { name: "refused", app, traffic: { sample: format, status: 401, password: "wrong-horse-battery-" } },
  ] as const;
  const series = await measureRounds({ kind: "unsigned", format, subjects }, settings);
  const of = (name: (typeof subjects)[number]["name"]): Series => series.get(name)!;
  const first = of("first");
  const rows = subjects.map(({ name }) => {
    const { perSecond, cpu, took } = of(name);
    const share = ratios(cpu, first.cpu);
    return [
      name,
      median(perSecond),
      median(cpu),
      median(share),
      spread(share),
      quantile(took, 0.5),
      quantile(took, 0.99),
    ];
  });
  const columns = ["", "req/s", "CPU µs", "CPU ratio", "± (middle half)", "p50 ms", "p99 ms"];
  return {
    tables: [{ title: format, columns, rows }],
    verdicts: [
      atLeast(4, `${format}: duplicates / first deliveries, req/s`, {
        value: median(ratios(of("duplicate").perSecond, first.perSecond)),
        bound: 1,
      }),
      atMost(4, `${format}: CPU, refused / first deliveries`, {
        value: median(ratios(of("refused").cpu, first.cpu)),
        bound: 0.85,
      }),
    ],
  };
}
