/** Goals 1 to 3: ours on Express, Koa and node:http beside what people write there. */
import { atLeast, atMost, type Findings, type Group, type Table, type Verdict } from "../group.ts";
import { appNames, type AppName } from "../http/apps.ts";
import { measureRounds, type Series } from "../http/rounds.ts";
import type { Settings } from "../settings.ts";
import { median, quantile, ratios, spread } from "../statistics.ts";
import { formats, type Format } from "../work/deliveries.ts";

export const http: Group = {
  name: "http",
  title: "the whole way over HTTP, every event a new one; ratios are to the bare hook of the same round",
  async measure(settings) {
    const findings: Findings[] = [];
    for (const format of formats) findings.push(await measureFormat(format, settings));
    return {
      tables: findings.flatMap(({ tables }) => tables),
      verdicts: findings.flatMap(({ verdicts }) => verdicts),
    };
  },
};

async function measureFormat(format: Format, settings: Settings): Promise<Findings> {
  const traffic = { format, status: 200 };
  const subjects = appNames.map((app) => ({ name: app, app, traffic }));
  const series = await measureRounds(format, subjects, settings);
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
  return { title: `${format}: 16 connections; p50 and p99 at 1,000 a second`, columns, rows };
}

function verdictsOf(format: Format, of: Of): Verdict[] {
  const faster = (goal: number, one: AppName, other: AppName, bound: number): Verdict =>
    atLeast(goal, `${format}: ${one} / ${other}`, {
      value: median(ratios(of(one).perSecond, of(other).perSecond)),
      bound,
    });
  const cheaper = atMost(1, `${format}: CPU, answerback on express 5 / express 5 with its parser`, {
    value: median(ratios(of("answerback on express 5").cpu, of("express 5 with its parser").cpu)),
    bound: 0.75,
  });
  return [
    faster(1, "answerback on express 5", "express 5 with its parser", 1.3),
    cheaper,
    faster(1, "answerback on express 5", "hook on express 5", 0.9),
    faster(2, "answerback on koa 3", "koa 3 with its parser", format === "json" ? 1.25 : 1.15),
    faster(2, "answerback on koa 3", "hook on koa 3", 0.9),
    faster(3, "answerback on node:http", "bare", 0.9),
    faster(3, "answerback on node:http", "fastify 5", 1),
  ];
}
