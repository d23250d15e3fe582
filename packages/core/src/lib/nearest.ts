/** The known name that a wrong name was probably meant to be. */

/**
 * The known name that is nearest to a wrong one.
 *
 * @returns The name; `undefined`: none is near.
 */
export function nearest(wrong: string, known: readonly string[]): string | undefined {
  const apart = (name: string) => lettersApart(wrong.toLowerCase(), name.toLowerCase());
  const [best] = known
    .map((name) => ({ name, letters: apart(name) }))
    .toSorted((one, other) => one.letters - other.letters);
  if (best && best.letters <= Math.max(1, Math.min(wrong.length, best.name.length) / 3)) return best.name;
  return known.find((name) => isPart(wrong.toLowerCase(), name.toLowerCase()));
}

/**
 * How many letters have to be added, removed, changed or swapped with their neighbour to come from one text to the other:
 * the distance of Damerau and Levenshtein.
 */
function lettersApart(one: string, other: string): number {
  const rows = Array.from({ length: one.length + 1 }, (_, line) =>
    Array.from({ length: other.length + 1 }, (_column, at) => Math.max(line, at)),
  );
  const apart = (line: number, at: number) => rows[line]?.[at] ?? Infinity;
  for (let line = 1; line <= one.length; line += 1) {
    for (let at = 1; at <= other.length; at += 1) {
      const isSame = one[line - 1] === other[at - 1];
      const isSwapped = one[line - 1] === other[at - 2] && one[line - 2] === other[at - 1];
      rows[line]![at] = Math.min(
        apart(line - 1, at) + 1,
        apart(line, at - 1) + 1,
        apart(line - 1, at - 1) + (isSame ? 0 : 1),
        isSwapped ? apart(line - 2, at - 2) + 1 : Infinity,
      );
    }
  }
  return apart(one.length, other.length);
}

/** Is one of the two a part of the other: `hosts` of `callbackHosts`? */
function isPart(one: string, other: string): boolean {
  return Math.min(one.length, other.length) >= 3 && (one.includes(other) || other.includes(one));
}
