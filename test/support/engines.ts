/** The engines that suites ask for by name; a suite whose engine is not to be had is skipped and says so in its title. */
import { describe, inject } from "vitest";

/** What a suite may need: a running server, or the program to run one of its own. */
export type EngineName =
  "redis" | "postgres" | "redis-server" | "postgres-server" | "chromium" | "bun" | "deno" | "workerd";

/** Where an engine is, or how to get it. */
export type Engine =
  | {
      /** The URL of a server, the path of a program; of `postgres-server` the folder of its programs. */
      readonly at: string;
      /** The words to put before its command, so that a server that refuses root runs as somebody else. */
      readonly runAs: readonly string[];
    }
  | { readonly missing: string };

/** What the global set-up found. */
export type Engines = Readonly<Record<EngineName, Engine>>;

declare module "vitest" {
  interface ProvidedContext {
    readonly engines: Engines;
  }
}

/** Where it is. Throws where it is not to be had, so call it inside a test or a hook, not while suites are collected. */
export function engineOf(name: EngineName): Extract<Engine, { at: string }> {
  const engine = inject("engines")[name];
  if ("missing" in engine) throw new Error(engine.missing);
  return engine;
}

/**
 * vitest's `describe` where all of them are to be had, else one that skips, and whose titles say what is missing.
 *
 * @example
 * describeWith("redis")("records in Redis", () => { test("…", () => redis(engineOf("redis").at)) });
 */
export function describeWith(...names: readonly EngineName[]): (title: string, body: () => void) => void {
  const missing = names.filter((name) => "missing" in inject("engines")[name]);
  const isMissing = missing.length > 0;
  const suite = isMissing ? describe.skip : describe;
  const reason = isMissing ? ` (not run: no ${missing.join(", no ")})` : "";
  return (title, body) => void suite(title + reason, body);
}
