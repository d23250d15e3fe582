/** The judge: plays a provider's scenarios at a receiver and says which clauses it breaks. */
import {
  anything,
  listOf,
  objectWith,
  OptionError,
  optional,
  readOptions,
  text,
} from "@answerback/core/provider";
import type { Credentials } from "../deliveries/delivery.ts";
import type { ProviderName } from "../protocols/protocol.ts";
import { ms, seed } from "../lib/numbers.ts";
import type { Journal } from "../play/journal.ts";
import { printJournal } from "../play/journal.ts";
import { behaviours } from "../protocols/index.ts";
import { lacks, perform } from "./perform.ts";
import type { Need, Scenario } from "./scenario.ts";
import { scenarios } from "./scenarios/index.ts";
import type { JudgeOptions, Subject } from "./subject.ts";

/** A clause that the receiver breaks. */
export interface Finding {
  /** The name of the scenario that found it out. */
  readonly scenario: string;
  /** The id of the clause: `"any.7"`. */
  readonly clause: string;
  /** What the receiver did, as a sentence without its subject. */
  readonly says: string;
  /** What was sent and seen. */
  readonly journal: Journal;
}

/** What came of judging a receiver. */
export interface Report {
  /** Whose scenarios were played. */
  readonly provider: Scenario["provider"];
  /** Empty: a right receiver, as far as these scenarios tell. */
  readonly findings: readonly Finding[];
  /** The names of the scenarios that found nothing. */
  readonly passed: readonly string[];
  /** The names of the scenarios that could not be played, each with what it lacks. */
  readonly skipped: readonly { readonly scenario: string; readonly lacks: Need }[];
}

/** Judges one receiver. Rejects with an OptionError for a mistake in the options: when `only` names a scenario that there isn't. */
export type Judge = (subject: Subject, options?: JudgeOptions) => Promise<Report>;

/**
 * Plays all scenarios of a provider at a receiver.
 *
 * @example
 * const report = await judge.postback({ build: ({ handle, clock }) => myListener(handle, clock) }, { mount: "/hooks" });
 * expect(report.findings, printReport(report)).toEqual([]);
 */
export const judge: Readonly<Record<ProviderName, Judge>> = {
  upsales: (subject, options) => judgeBy(scenarios.upsales, subject, options),
  uphance: (subject, options) => judgeBy(scenarios.uphance, subject, options),
  appInbox: (subject, options) => judgeBy(scenarios.appInbox, subject, options),
  postback: (subject, options) => judgeBy(scenarios.postback, subject, options),
};

/**
 * Plays scenarios of your own beside, or instead of, those of the judge.
 *
 * @throws OptionError for a mistake in the options: `unknown` when `only` names a scenario that there isn't.
 */
export async function judgeBy(
  all: readonly Scenario[],
  subject: Subject,
  options: JudgeOptions = {},
): Promise<Report> {
  readOptions("judge", options, known);
  const report = {
    findings: [] as Finding[],
    passed: [] as string[],
    skipped: [] as Report["skipped"][number][],
  };
  for (const scenario of chosen(all, options.only)) {
    const missing = lacks(subject, scenario, options);
    if (missing) {
      report.skipped.push({ scenario: scenario.name, lacks: missing });
      continue;
    }
    const { unmet, journal } = await perform(subject, scenario, options);
    if (unmet.length === 0) report.passed.push(scenario.name);
    report.findings.push(...unmet.map((demand) => ({ scenario: scenario.name, ...demand, journal })));
  }
  return { provider: all[0]!.provider, ...report };
}

const known = {
  ...behaviours,
  mount: optional(anything),
  credentials: optional(objectWith<Credentials>("{ username, password }")),
  secret: optional(text),
  authenticationKey: optional(text),
  only: optional(listOf(text)),
  seed: optional(seed),
  quietMs: optional(ms),
};

function chosen(all: readonly Scenario[], only: readonly string[] | undefined): readonly Scenario[] {
  const unknown = only?.find((name) => all.every((scenario) => scenario.name !== name));
  if (unknown !== undefined)
    throw new OptionError("judge: only", "unknown", `there is no scenario ${JSON.stringify(unknown)}`);
  return only ? all.filter(({ name }) => only.includes(name)) : all;
}

/** The report as text: the findings first, each with its journal. */
export function printReport({ provider, findings, passed, skipped }: Report): string {
  const found = findings.map(
    ({ scenario, clause, says, journal }) =>
      `✗ ${clause} ${scenario}\n    the receiver ${says}\n${printJournal(journal).replaceAll(/^/gm, "    ")}`,
  );
  const others = [
    ...passed.map((name) => `✓ ${name}`),
    ...skipped.map(({ scenario, lacks: what }) => `– ${scenario} (not judged: no ${what})`),
  ];
  return [`${provider}: ${findings.length} found, ${passed.length} passed`, ...found, ...others].join("\n");
}
