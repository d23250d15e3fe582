/** Warnings of the process: a test that provokes one says so, or it fails. */
import { setImmediate } from "node:timers/promises";
import { afterAll, afterEach, beforeEach, expect } from "vitest";

/** Warnings that no test has asked for, since the test began. */
const unasked: Error[] = [];

/** Codes and names of warnings that the running test asks for, and what came. */
const asked = new Map<string, Error[]>();

/**
 * The running test provokes a warning.
 *
 * @param code Its code, or where it has none its name: `"memory_forgets"`, `"MaxListenersExceededWarning"`.
 * @returns What came so far, once all that was emitted has been heard.
 */
export function expectWarning(code: string): () => Promise<readonly Error[]> {
  const heard: Error[] = [];
  asked.set(code, heard);
  return async () => {
    await setImmediate();
    return heard;
  };
}

/** For the set-up of every suite: a test fails whose process warns of what the test did not ask for. */
export function failOnWarnings(): void {
  // Node's own listener, which prints: what is asked for is no news, and what is not fails a test with its text
  process.removeAllListeners("warning");
  process.on("warning", (warning) => {
    const { code = warning.name } = warning as Error & { readonly code?: string };
    // an older Node's, of its own SQLite
    if (code === "ExperimentalWarning") return;
    (asked.get(code) ?? unasked).push(warning);
  });
  beforeEach(() => asked.clear());
  afterEach(demandSilence);
  afterAll(demandSilence);
}

async function demandSilence(): Promise<void> {
  // a warning is emitted in the next tick
  await setImmediate();
  const printed = unasked.splice(0).map(({ stack, message }) => stack ?? message);
  expect(printed, "a warning that no test asked for").toEqual([]);
}
