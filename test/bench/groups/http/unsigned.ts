/** Ours on Express, Koa and node:http beside what people write there, and beside the floor. */
import { atLeast, atMost, type Findings, type Table, type Verdict } from "../../group.ts";
import { measureRounds, type Series } from "../../http/rounds.ts";
import type { apps } from "../../http/apps/unsigned.ts";
import type { Settings } from "../../settings.ts";
import { median, quantile, ratios, spread } from "../../statistics.ts";
import type { Format } from "../../work/deliveries.ts";

type AppName = keyof typeof apps;

const appNames: readonly AppName[] = [
  ...(["bare", "bare again", "floor on node:http", "answerback on node:http", "fastify 5"] as const),
  ...(["hook on express 5", "floor on express 5"] as const),
  ...(["answerback on express 5", "express 5 with its parser"] as const),
  ...(["answerback on express 5, async handler", "express 5 with its parser, async handler"] as const),
  ...(["hook on koa 3", "answerback on koa 3", "koa 3 with its parser"] as const),
];

/** All servers under deliveries of one format. */
export async function measureUnsigned(format: Format, settings: Settings): Promise<Findings> {
  const traffic = { sample: format, status: 200 };
  const subjects = appNames.map((app) => ({ name: app, app, traffic }));
  const series = await measureRounds({ kind: "unsigned", format, subjects }, settings);
  const of = (name: AppName): Series => series.get(name)!;
  return { tables: [tableOf(format, of)], verdicts: verdictsOf(format, of) };
}

type Of = (name: AppName) => Series;

function tableOf(format: Format, of: Of): Table {
  const rows = appNames.map((name) => {
    const { perSecond, cpu, took } = of(name);
    const share = ratios(perSecond, of("bare").perSecond);
    return [
      ...[name, median(perSecond), median(share), spread(share)],
      ...[median(cpu), median(ratios(cpu, of("bare").cpu)), quantile(took, 0.5), quantile(took, 0.99)],
    ];
  });
  const columns = ["", "req/s", "ratio", "± (middle half)", "CPU µs", "CPU ratio", "p50 ms", "p99 ms"];
  const title = `${format}: 16 connections; ratios are to bare; p50 and p99 at 1,000 a second`;
  return { title, columns, rows };
}

function verdictsOf(format: Format, of: Of): Verdict[] {
  const faster = (goal: number, one: AppName, other: AppName, bound: number): Verdict =>
    atLeast(goal, `${format}: ${one} / ${other}`, {
      value: median(ratios(of(one).perSecond, of(other).perSecond)),
      bound,
    });
  const cheaper = (goal: number, one: AppName, other: AppName, bound: number): Verdict =>
    atMost(goal, `${format}: CPU, ${one} / ${other}`, {
      value: median(ratios(of(one).cpu, of(other).cpu)),
      bound,
    });
  const onExpress = ["answerback on express 5", "express 5 with its parser"] as const;
  const async = [
    "answerback on express 5, async handler",
    "express 5 with its parser, async handler",
  ] as const;
  return [
    faster(1, ...onExpress, 1.1),
    cheaper(1, ...onExpress, 0.95),
    faster(1, ...async, 1),
    cheaper(1, ...async, 1.05),
    faster(1, "answerback on express 5", "hook on express 5", 0.75),
    faster(2, "answerback on koa 3", "koa 3 with its parser", 1),
    faster(2, "answerback on koa 3", "hook on koa 3", 0.75),
    faster(3, "answerback on node:http", "bare", 0.75),
    faster(3, "answerback on node:http", "fastify 5", 0.85),
  ];
}
