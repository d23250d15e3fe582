/** The arguments of the suite: how to make a backend, and the functions of the test runner. */
import type { Backend } from "@answerback/core/backend";

/** An empty store with a client on it. It may carry fields of your own for `second`, `reopen` and `outage`. */
export interface Subject {
  /** The client. */
  readonly backend: Backend<any>;
  /** Moves the engine's clock on by so many ms, and runs what waits for that time. Never sleeps. */
  advance(ms: number): Promise<void>;
  /**
   * Removes the store. Called once after each law, when every client is closed; after a law that failed the engine may be
   * away.
   */
  destroy?(): Promise<void>;
}

/** How a backend shows that it keeps the contract. */
export interface ConformanceOptions<S extends Subject = Subject> {
  /** The backend's name, in front of every title. */
  readonly name: string;
  /** Makes a new store with a client. Called once for each law. */
  create(): Promise<S>;
  /** Opens another client on the same store, as another process would. Absent: the laws on two clients are skipped. */
  readonly second?: (subject: S) => Promise<Backend<any>>;
  /** Closes the client and opens the store again, as the next process would. Absent: the laws on durability are skipped. */
  readonly reopen?: (subject: S) => Promise<Backend<any>>;
  /**
   * Takes the engine away, and resolves to the function that brings it back. Absent: the laws on an engine that is away
   * are skipped.
   */
  readonly outage?: (subject: S) => Promise<() => Promise<void>>;
  /** Do its records have `due`? Absent: the laws on `due` are skipped, but for one that sees that there is none. */
  readonly due?: true;
  /** Does the backend have `receivers`? Absent: a law sees that it has not. */
  readonly receivers?: true;
  /**
   * How far the engine's clock may run on by itself within one law: ms, at most 5,000. Default 0: it stands still
   * between two calls of `advance`, and every deadline is tested to the ms.
   */
  readonly driftMs?: number;
}

/** The functions of a test runner that the suite uses, as vitest and jest have them. */
export interface TestApi {
  /** Groups the tests that `body` defines under a title. */
  describe(title: string, body: () => void): unknown;
  /** Defines a test; `skip` defines one that does not run. */
  readonly test: {
    (title: string, body: () => Promise<void>): unknown;
    skip(title: string, body: () => Promise<void>): unknown;
  };
  /** Begins an assertion about a value. */
  expect(actual: unknown): Expectation;
}

/** The assertions of a test runner that the suite uses. Each throws when it does not hold. */
export interface Expectation {
  /** The value is the expected one, by `Object.is`. */
  toBe(expected: unknown): unknown;
  /** The value has the same structure as the expected one; a property that is `undefined` counts as absent. */
  toEqual(expected: unknown): unknown;
  /** The value is a number, and at least that. */
  toBeGreaterThanOrEqual(least: number): unknown;
  /** The value is a number, and at most that. */
  toBeLessThanOrEqual(most: number): unknown;
  /** Assertions about the reason with which a promise rejects; `toThrow` takes the class of the error. */
  readonly rejects: { toThrow(expected: unknown): Promise<unknown> };
}
