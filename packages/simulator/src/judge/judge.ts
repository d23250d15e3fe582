/** The judge: plays a provider's scenarios at a receiver and says which clauses it breaks. */
import type { Credentials, ProviderName } from "../deliveries/delivery.ts";
import type { Journal } from "../journal.ts";
import { printJournal } from "../journal.ts";
import type { PlayOptions } from "../scene.ts";
import { appInboxScenarios } from "./app-inbox.ts";
import { postbackScenarios } from "./postback.ts";
import type { Scenario } from "./scenario.ts";
import { lacks, perform } from "./stage.ts";
import type { Subject } from "./subject.ts";
import { uphanceScenarios } from "./uphance.ts";
import { upsalesScenarios } from "./upsales.ts";

/** How a receiver is judged; what it demands of a delivery has to be told. */
export interface JudgeOptions extends Pick<PlayOptions, ProviderName | "quietMs"> {
  /** Where the receiver is mounted. For Uphance with a secret in the URL: with the secret. Default: at the root. */
  readonly mount?: string;
  /** The basic credentials that the receiver takes. Default: it takes all; scenarios about credentials are skipped. */
  readonly credentials?: Credentials;
  /** Uphance: the part of `mount` that is secret. Default: none; scenarios about it are skipped. */
  readonly secret?: string;
  /** Upsales: the key that the receiver takes. Default: it takes all; scenarios about it are skipped. */
  readonly authenticationKey?: string;
  /** Only the scenarios of these names. Default: all. */
  readonly only?: readonly string[];
  /** Other events, for a standing receiver that has seen those of the last seed. Default 1. */
  readonly seed?: number;
}

/** A clause that the receiver breaks. */
export interface Finding {
  /** The scenario that found it out. */
  readonly scenario: string;
  readonly clause: string;
  /** What the receiver did. */
  readonly says: string;
  /** What was sent and seen. */
  readonly journal: Journal;
}

/** What came of judging a receiver. */
export interface Report {
  readonly provider: ProviderName;
  /** Empty: a right receiver, as far as these scenarios tell. */
  readonly findings: readonly Finding[];
  readonly passed: readonly string[];
  /** What could not be judged, and what it lacks. */
  readonly skipped: readonly { readonly scenario: string; readonly lacks: string }[];
}

/** Judges one receiver. */
export type Judge = (subject: Subject, options?: JudgeOptions) => Promise<Report>;

/**
 * Plays all scenarios of a provider at a receiver.
 *
 * @example
 * const report = await judge.postback({ build: ({ handle, clock }) => myListener(handle, clock) }, { mount: "/hooks" });
 * expect(report.findings, printReport(report)).toEqual([]);
 */
export const judge: Readonly<Record<ProviderName, Judge>> = {
  upsales: (subject, options) => judgeBy(upsalesScenarios, subject, options),
  uphance: (subject, options) => judgeBy(uphanceScenarios, subject, options),
  appInbox: (subject, options) => judgeBy(appInboxScenarios, subject, options),
  postback: (subject, options) => judgeBy(postbackScenarios, subject, options),
};

/**
 * All scenarios of the judge, by provider: their names are what `only` takes.
 *
 * @example scenarios.postback.map(({ name, clause }) => `${clause} ${name}`);
 */
export const scenarios: Readonly<Record<ProviderName, readonly Scenario[]>> = {
  upsales: upsalesScenarios,
  uphance: uphanceScenarios,
  appInbox: appInboxScenarios,
  postback: postbackScenarios,
};

/**
 * Plays scenarios of your own beside, or instead of, those of the judge.
 *
 * @throws TypeError when `only` names a scenario that there isn't.
 */
export async function judgeBy(
  all: readonly Scenario[],
  subject: Subject,
  options: JudgeOptions = {},
): Promise<Report> {
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
    const { wants, journal } = await perform(subject, scenario, options);
    if (wants.length === 0) report.passed.push(scenario.name);
    report.findings.push(...wants.map((want) => ({ scenario: scenario.name, ...want, journal })));
  }
  return { provider: all[0]!.provider, ...report };
}

/** The report as text: the findings first, each with its journal. */
export function printReport({ provider, findings, passed, skipped }: Report): string {
  const found = findings.map(
    ({ scenario, clause, says, journal }) =>
      `✗ ${clause} ${scenario}\n    the receiver ${says}\n${printJournal(journal).replaceAll(/^/gm, "    ")}`,
  );
  const rest = [
    ...passed.map((name) => `✓ ${name}`),
    ...skipped.map(({ scenario, lacks: what }) => `– ${scenario} (not judged: no ${what})`),
  ];
  return [`${provider}: ${findings.length} found, ${passed.length} passed`, ...found, ...rest].join("\n");
}

function chosen(all: readonly Scenario[], only: readonly string[] | undefined): readonly Scenario[] {
  const unknown = only?.find((name) => all.every((scenario) => scenario.name !== name));
  if (unknown !== undefined) throw new TypeError(`only: there is no scenario ${JSON.stringify(unknown)}`);
  return only ? all.filter(({ name }) => only.includes(name)) : all;
}
