/** What the suite is given: how to make a backend, and the test runner's words. */
import type { Backend } from "../backend.ts";

/** One empty store with a client on it. May carry more of your own for `second` and `reopen`. */
export interface Subject {
  readonly backend: Backend<any>;
  /** Moves the engine's clock on, and runs what waits for it. Never sleeps. */
  advance(ms: number): Promise<void>;
  /** Called once after each law, when every client is closed; after a law that failed the engine may be away. */
  destroy?(): Promise<void>;
}

/** How a backend shows that it keeps the contract. */
export interface ConformanceOptions<S extends Subject = Subject> {
  /** Stands in front of every title. */
  readonly name: string;
  /** Called for each law: a store that nobody used. */
  create(): Promise<S>;
  /** Another client on the same store, as another process would have it. Absent: those laws are skipped. */
  readonly second?: (subject: S) => Promise<Backend<any>>;
  /** Closes the client and opens the store again, as the next process would. Absent: the durable laws are skipped. */
  readonly reopen?: (subject: S) => Promise<Backend<any>>;
  /** Takes the engine away, and returns the way to bring it back. Absent: those laws are skipped. */
  readonly outage?: (subject: S) => Promise<() => Promise<void>>;
  /** Do its records offer `due`? Absent: those laws are skipped, and one sees that they don't. */
  readonly due?: true;
  /**
   * How far the engine's clock may run on by itself within one law: ms, at most 5,000. Default 0: it stands still
   * between two calls of `advance`, and every deadline is tested to the ms.
   */
  readonly driftMs?: number;
}

/** What the suite uses of a test runner: vitest's or jest's `describe`, `test` and `expect` fit. */
export interface TestApi {
  describe(title: string, body: () => void): unknown;
  readonly test: {
    (title: string, body: () => Promise<void>): unknown;
    skip(title: string, body: () => Promise<void>): unknown;
  };
  expect(actual: unknown): Expectation;
}

/** The assertions that the suite uses. */
export interface Expectation {
  toBe(expected: unknown): unknown;
  toEqual(expected: unknown): unknown;
  toBeGreaterThanOrEqual(least: number): unknown;
  toBeLessThanOrEqual(most: number): unknown;
  readonly rejects: { toThrow(expected: unknown): Promise<unknown> };
}
