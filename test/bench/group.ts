/** What a group of measurements is, and what it finds: tables to read, and figures held against goals. */
import type { Settings } from "./settings.ts";

/** Measurements that belong together. */
export interface Group {
  readonly name: string;
  /** One line above its tables. */
  readonly title: string;
  measure(settings: Settings): Promise<Findings>;
}

/** What a group found. */
export interface Findings {
  readonly tables: readonly Table[];
  readonly verdicts: readonly Verdict[];
}

/** Figures by row and column. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** A figure beside its goal. */
export interface Verdict {
  /** The number of the goal. */
  readonly goal: number;
  readonly what: string;
  readonly value: number;
  readonly bound: number;
  /** Is the bound the least or the most that is wanted? */
  readonly sense: "at least" | "at most";
}

export function atLeast(goal: number, what: string, figure: { value: number; bound: number }): Verdict {
  return { goal, what, ...figure, sense: "at least" };
}

export function atMost(goal: number, what: string, figure: { value: number; bound: number }): Verdict {
  return { goal, what, ...figure, sense: "at most" };
}

/** The tables and verdicts of several measurements, one after the other. */
export function joined(findings: readonly Findings[]): Findings {
  return {
    tables: findings.flatMap(({ tables }) => tables),
    verdicts: findings.flatMap(({ verdicts }) => verdicts),
  };
}

/** Is the goal met? What could not be measured is not. */
export function isMet({ value, bound, sense }: Verdict): boolean {
  return sense === "at least" ? value >= bound : value <= bound;
}
