/** An ear on the process: what it writes, warns of, looks up, and what nobody caught. */

import dns from "node:dns";
import { inspect } from "node:util";
import { onTestFinished, vi } from "vitest";

/** What was heard so far. */
export interface Ear {
  readonly heard: string[];
  /** Rejections and exceptions that nobody caught. */
  readonly crashes: unknown[];
  /** Names that were looked up; a server of ours looks up its own address. */
  lookups(): string[];
  hear(what: unknown): void;
}

const methods = ["log", "info", "warn", "error", "debug", "trace"] as const;

/** Listens until the test is finished. */
export function listen(): Ear {
  const heard: string[] = [];
  const crashes: unknown[] = [];
  const lookup = vi.spyOn(dns, "lookup");
  const hear = (what: unknown): void =>
    void heard.push(typeof what === "string" ? what : inspect(what, deeply));
  const crashed = (error: unknown): void => void crashes.push(error);
  const spies = [
    ...[process.stdout, process.stderr].map((stream) =>
      vi.spyOn(stream, "write").mockImplementation((chunk) => (hear(String(chunk)), true)),
    ),
    ...methods.map((method) => vi.spyOn(console, method).mockImplementation((...said) => hear(said))),
    lookup,
  ];
  open({ hear, crashed });
  onTestFinished(() => {
    for (const spy of spies) spy.mockRestore();
    shut();
  });
  const lookups = (): string[] =>
    lookup.mock.calls.map(([name]) => name).filter((name) => name !== "127.0.0.1");
  return { heard, crashes, lookups, hear };
}

interface Listener {
  readonly hear: (warning: unknown) => void;
  readonly crashed: (error: unknown) => void;
}

/** The ears of the running test. They share one listener, since a test may open more of them than Node lets listen. */
const ears: Listener[] = [];

const warned = (warning: unknown): void => ears.forEach(({ hear }) => hear(warning));
const crashed = (error: unknown): void => ears.forEach((ear) => ear.crashed(error));

function open(ear: Listener): void {
  ears.push(ear);
  if (ears.length > 1) return;
  process.on("warning", warned).on("unhandledRejection", crashed).on("uncaughtExceptionMonitor", crashed);
}

/** Once the test is finished no ear is open. */
function shut(): void {
  ears.length = 0;
  process.off("warning", warned).off("unhandledRejection", crashed).off("uncaughtExceptionMonitor", crashed);
}

const deeply = { depth: 20, showHidden: true, maxStringLength: null, maxArrayLength: null } as const;
