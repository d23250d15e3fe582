/** What is said of mistakes, as the suite in test/mistakes has written it down. */
import { textOf } from "./repository.ts";

/** A mistake, and the message that it meets. */
export interface Mistake {
  /** What was done. */
  readonly mistake: string;
  /** The code that is told. */
  readonly code: string;
  /** The message, with its cure in bold. */
  readonly message: string;
}

/** The page of mistakes, as it stands in the repository. */
export const mistakesPage: string = textOf("test/mistakes/README.md");

/** The mistakes of a part of the page: `"At creation"`, `"At run time"`. */
export function mistakesIn(part: string): Mistake[] {
  const text = mistakesPage.split(/^## /m).find((one) => one.startsWith(part)) ?? "";
  return text.split("\n").flatMap((line) => {
    const cells = line.split(/(?<!\\) \| |^\| | \|$/).filter(Boolean);
    const at = cells.findIndex((cell) => /^`\w+`$/.test(cell));
    if (at < 1 || cells[at + 1] === undefined) return [];
    return [{ mistake: cells[0]!, code: cells[at]!.slice(1, -1), message: cells[at + 1]! }];
  });
}
