/** What the rows of the tables are: what somebody does, and what is said of it. */
import type { Framework } from "../support/frameworks.ts";

/** What is said. */
export interface Said {
  /** The mistake, as a sentence without its end: "the options are forgotten". */
  readonly mistake: string;
  /** The code of the error, or of the warning. */
  readonly code: string;
  /** The whole message, with its cure in `**`. */
  readonly says: string;
}

/** A mistake that is refused at once: by a throw, or by a promise that rejects. */
export interface Refused extends Said {
  /** Makes it. */
  readonly make: () => unknown;
}

/** A mistake that shows when a delivery comes. */
export interface Told extends Said {
  /** Makes it, over real HTTP. */
  readonly meet: (framework: Framework) => Promise<Met>;
  /** The status that the provider gets. */
  readonly status: number;
}

/** What came of a delivery. */
export interface Met {
  /** The status that the provider got. */
  readonly status: number;
  /** The warnings that the developer saw, with neither `onError` nor `warn` in the options. */
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
}

/** Rows under a heading. */
export interface Chapter<Row extends Said = Refused> {
  readonly title: string;
  readonly rows: readonly Row[];
}

/** A row from its parts, which reads as a line of a table. */
export function row(mistake: string, make: () => unknown, code: string, says: string): Refused {
  return { mistake, make, code, says };
}

/** The message without the marks of its cure. */
export function plain(says: string): string {
  return says.replaceAll("**", "");
}
