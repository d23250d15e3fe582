/** Ours beside the libraries of two providers, which check the same signature of the same deliveries. */
import { atLeast, atMost, type Findings } from "../../group.ts";
import type { apps } from "../../http/apps/signed.ts";
import { measureRounds, type Series } from "../../http/rounds.ts";
import type { Settings } from "../../settings.ts";
import { median, quantile, ratios, spread } from "../../statistics.ts";
import type { SignedSample } from "../../work/signed-deliveries.ts";

type AppName = keyof typeof apps;

/** By what is sent: theirs, and ours on node:http as theirs is. */
const pairs: Readonly<Record<SignedSample, readonly [theirs: AppName, ours: AppName]>> = {
  "github, 600 B": ["octokit 14", "answerback as octokit"],
  "github, 6.6 kB": ["octokit 14", "answerback as octokit"],
  "slack, 1.2 kB": ["bolt 5", "answerback as bolt"],
};

const samples = Object.keys(pairs) as SignedSample[];

/** All servers under the deliveries that they are made for. */
export async function measureSigned(settings: Settings): Promise<Findings> {
  const nameOf = (sample: SignedSample, app: AppName) => `${sample}: ${app}`;
  const subjects = samples.flatMap((sample) =>
    pairs[sample].map((app) => ({ name: nameOf(sample, app), app, traffic: { sample, status: 200 } })),
  );
  const series = await measureRounds({ kind: "signed", format: "json", subjects }, settings);
  const of = (sample: SignedSample, at: 0 | 1): Series => series.get(nameOf(sample, pairs[sample][at]))!;
  const toTheirs = (sample: SignedSample, at: 0 | 1, what: "perSecond" | "cpu"): number[] =>
    ratios(of(sample, at)[what], of(sample, 0)[what]);
  const rowOf = (sample: SignedSample, at: 0 | 1): (string | number)[] => {
    const { perSecond, cpu, took } = of(sample, at);
    const share = toTheirs(sample, at, "perSecond");
    return [
      ...[nameOf(sample, pairs[sample][at]), median(perSecond), median(share), spread(share)],
      ...[median(cpu), median(toTheirs(sample, at, "cpu")), quantile(took, 0.5), quantile(took, 0.99)],
    ];
  };
  const cheaper = (sample: SignedSample) =>
    atMost(9, `${sample}: CPU, answerback / octokit's node middleware`, {
      value: median(toTheirs(sample, 1, "cpu")),
      bound: 1.2,
    });
  const columns = ["", "req/s", "ratio", "± (middle half)", "CPU µs", "CPU ratio", "p50 ms", "p99 ms"];
  const rows = samples.flatMap((sample) => [rowOf(sample, 0), rowOf(sample, 1)]);
  return {
    tables: [{ title: "signed, on node:http; ratios are to the library of that provider", columns, rows }],
    verdicts: [
      cheaper("github, 600 B"),
      cheaper("github, 6.6 kB"),
      atLeast(9, "slack, 1.2 kB: answerback / bolt's HTTPReceiver", {
        value: median(toTheirs("slack, 1.2 kB", 1, "perSecond")),
        bound: 1.8,
      }),
    ],
  };
}
