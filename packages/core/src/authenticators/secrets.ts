/** Secrets as they are given in the options, and their comparison with what was sent: always all, always in the same time. */
import { timingSafeEqual } from "node:crypto";
import type { Warning } from "../contract/warning.ts";
import type { Secret } from "../contract/authenticator.ts";
import { oneOrMore, setting } from "../contract/kinds.ts";

/**
 * The secrets as a list.
 *
 * @param option Their name in the error: `"urlSecret: secret"`.
 * @throws OptionError `missing`, `empty` or `invalid`.
 */
export function secretsOf(option: string, secret: Secret): readonly [string, ...string[]] {
  return oneOrMore(setting)(option, secret);
}

/** Finds the expected value that was given: its place in the list, or -1. */
export type Comparison = (given: string | Uint8Array) => number;

/**
 * Compares blocks of one size, always all of them: the time tells neither the length of an expected value, nor where a
 * difference begins, nor which value was given.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.13 any.13}
 */
export function createComparison(expected: readonly string[]): Comparison {
  const longest = Math.max(...expected.map((one) => Buffer.byteLength(one)));
  // in large steps, so that the size of a block does not tell the length either
  const size = lengthBytes + 256 * Math.ceil(longest / 256);
  const blocks = expected.map((one) => fill(Buffer.alloc(size), one));
  const sought = Buffer.alloc(size);
  return (given) => {
    fill(sought, given);
    return blocks.reduce((found, one, at) => (timingSafeEqual(one, sought) ? at : found), -1);
  };
}

const lengthBytes = 4;

/** Writes the value's length, the value, and zeros. A value that is too long is cut off, and differs by its length. */
function fill(block: Buffer, value: string | Uint8Array): Buffer {
  block.fill(0);
  block.writeUInt32LE(Buffer.byteLength(value));
  if (typeof value === "string") block.write(value, lengthBytes);
  else block.set(value.subarray(0, block.length - lengthBytes), lengthBytes);
  return block;
}

/** A warning where a secret in a URL is short enough to be guessed. */
export function warningsOf(name: string, secrets: readonly string[]): readonly Warning[] {
  if (secrets.every(({ length }) => length >= 16)) return [];
  return [
    {
      code: "short_secret",
      message: `${name}: a secret under 16 characters can be guessed; use 32 random ones`,
    },
  ];
}
