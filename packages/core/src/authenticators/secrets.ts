/** Secrets as given, and how what was sent is compared with them: always all, always in the same time. */
import { hash, timingSafeEqual } from "node:crypto";
import type { Warning } from "../provider.ts";
import type { Secret } from "./authenticator.ts";
import { OptionError } from "../option-error.ts";

/**
 * The secrets as a list.
 *
 * @param option Names them in the error: `"urlSecret: secret"`.
 * @throws OptionError when one is missing or empty.
 */
export function secretsOf(option: string, secret: Secret): readonly [string, ...string[]] {
  const [first, ...others] = [secret].flat().map((one) => present(option, one));
  if (first === undefined) throw new OptionError(option, "empty", "give at least one");
  return [first, ...others];
}

/** The value, if there is one. Throws a TypeError that names the option and the cure. */
export function present(option: string, value: unknown): string {
  if (typeof value === "string" && value !== "") return value;
  throw new OptionError(
    option,
    value === "" ? "empty" : "missing",
    `it is ${value === "" ? "empty" : "missing"}; is the environment variable set?`,
  );
}

/** Says which of the expected values was given, by its place in the list; -1 for none. */
export type Comparison = (given: string | Uint8Array) => number;

/**
 * Compares digests, which are all of one length, and never stops early: the time tells neither the length nor the first
 * difference nor which one fitted.
 *
 * @see any.13
 */
export function createComparison(expected: readonly string[]): Comparison {
  const digests = expected.map(digest);
  return (given) => {
    const sought = digest(given);
    return digests.reduce((found, one, at) => (timingSafeEqual(one, sought) ? at : found), -1);
  };
}

/** Warns of a secret in a URL that can be guessed. */
export function warningsOf(name: string, secrets: readonly string[]): readonly Warning[] {
  if (secrets.every(({ length }) => length >= 16)) return [];
  return [
    {
      code: "short_secret",
      message: `${name}: a secret under 16 characters can be guessed; use 32 random ones`,
    },
  ];
}

/** By way of text, which Node makes in a third of the time that it takes for bytes. */
function digest(value: string | Uint8Array): Uint8Array {
  return Buffer.from(hash("sha256", value, "binary"), "binary");
}
