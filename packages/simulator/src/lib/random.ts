/** Seeded random data: the same seed gives the same values on every machine. */

/** A source of values that look like a provider's. */
export interface Random {
  /** From 0 to below 1. */
  fraction(): number;
  /** A whole number from `from` to `to`, both included. */
  int(from: number, to: number): number;
  /** One of the values. */
  pick<T>(values: readonly T[]): T;
  /** Lower-case hexadecimal digits. */
  hex(digits: number): string;
  /** A version 4 UUID. */
  uuid(): string;
  /** An amount with two decimals, as text. */
  amount(): string;
  /** An instant of 2025: ms since the epoch. */
  instant(): number;
  /** A person's name. Some names have letters outside ASCII, as real ones do. */
  name(): { first: string; last: string };
  /** The name of a company. */
  company(): string;
  /** A sentence with marks that need escaping somewhere: `%`, `+`, `&`, an emoji. */
  sentence(): string;
}

/**
 * The random source of a seed: mulberry32, which is small and good enough for test data.
 *
 * @example seeded(7).pick(["S", "M", "L"]);
 */
export function seeded(seed: number): Random {
  let state = Math.trunc(seed) >>> 0;
  const fraction = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (from: number, to: number) => from + Math.floor(fraction() * (to - from + 1));
  const pick = <T>(values: readonly T[]) => values[int(0, values.length - 1)]!;
  const hex = (digits: number) => Array.from({ length: digits }, () => int(0, 15).toString(16)).join("");
  return {
    fraction,
    int,
    pick,
    hex,
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${pick(["8", "9", "a", "b"])}${hex(3)}-${hex(12)}`,
    amount: () => `${int(1, 999)}.${String(int(0, 99)).padStart(2, "0")}`,
    instant: () => int(Date.UTC(2025, 0, 1), Date.UTC(2025, 11, 31)),
    name: () => ({ first: pick(firstNames), last: pick(lastNames) }),
    company: () => `${pick(lastNames)} ${pick(["AB", "BV", "GmbH", "Ltd & Sons", "Oy"])}`,
    sentence: () => `${pick(openings)} ${pick(middles)} ${pick(endings)}`,
  };
}

/** A number that depends on all of `parts`, for choices which must not depend on the order they are asked in. */
export function seedOf(...parts: readonly (string | number)[]): number {
  let hash = 0x811c9dc5;
  for (const char of parts.join("\u0000")) hash = Math.imul(hash ^ char.codePointAt(0)!, 0x01000193);
  return hash >>> 0;
}

const firstNames = ["Åsa", "Lue", "Zoë", "Marek", "Wei", "Ines", "Tom", "Siobhán"] as const;
const lastNames = ["Jönsson", "Jones", "O'Hara", "Nováková", "Smit", "Lindqvist", "山田", "Garcia"] as const;
const openings = ["Your order", "A new message", "The 50% offer", "Size M + L", "Délivery"] as const;
const middles = ["is waiting", "has been packed", "ends soon", "was changed"] as const;
const endings = ["for you.", "at last!", "— see inside 🎉", "(today & tomorrow)."] as const;
