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

/** How many letters have to be added, removed or changed to come from one text to the other: Levenshtein's distance. */
function lettersApart(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (const [line, letter] of Array.from(one).entries()) {
    const next = [line + 1];
    for (let at = 0; at < other.length; at += 1) {
      const change = row[at]! + (letter === other[at] ? 0 : 1);
      next.push(Math.min(change, row[at + 1]! + 1, next[at]! + 1));
    }
    row = next;
  }
  return row[other.length]!;
}

/** Is one of the two a part of the other: `hosts` of `callbackHosts`? */
function isPart(one: string, other: string): boolean {
  return Math.min(one.length, other.length) >= 3 && (one.includes(other) || other.includes(one));
}
