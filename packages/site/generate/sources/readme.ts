/** What a README says under one of its headings: words, examples, and what a page promises and leaves open. */
import { anchorOf, sectionOf } from "../../section.ts";

/** A section of a README, in the parts that a page is made of. */
export interface Parts {
  /** What stands neither in an example nor below, as Markdown of the repository. */
  readonly words: readonly string[];
  /** Its examples, each a file. */
  readonly examples: readonly Example[];
  /** How the provider reads what it is answered. */
  readonly reads: string;
  /** What the provider's page promises. */
  readonly promised: string;
  /** What the provider's page leaves open, and how we read it. */
  readonly open: string;
  /** What is not received, or not done. */
  readonly not: readonly string[];
}

/** A file to paste. */
export interface Example {
  /** Its name: `"slack.ts"`. */
  readonly file: string;
  /** All of it. */
  readonly code: string;
}

/** The parts of the section under a heading. */
export function partsOf(readme: string, title: string): Parts {
  const section = sectionOf(readme, anchorOf(title));
  const prose = section.replaceAll(/^```ts\n[^]*?^```$/gm, "");
  const paragraphs = prose
    .split(/\n{2,}/)
    .map((one) => one.trim())
    .filter(Boolean);
  const behind = (label: RegExp) =>
    paragraphs.filter((one) => label.test(one)).map((one) => one.replace(label, ""));
  return {
    words: paragraphs.filter((one) => !labels.some((label) => label.test(one))),
    examples: examplesIn(section),
    reads: only(behind(reads), `${title}: "How it reads the answer:"`),
    promised: only(behind(promised), `${title}: "Promised by its page:"`),
    open: only(behind(open), `${title}: "Left open:"`),
    not: paragraphs.filter((one) => not.test(one)),
  };
}

const reads = /^How it reads the answer: /;
const promised = /^Promised by its pages?: /;
const open = /^Left open: /;
const not = /^Not (?:done|received): /;
const labels = [reads, promised, open, not];

function only(texts: readonly string[], what: string): string {
  const [text, ...more] = texts;
  if (text === undefined || more.length > 0) throw new Error(`expected one paragraph ${what}`);
  return text;
}

/** The examples in a text: blocks of `ts` that begin with the name of their file. */
export function examplesIn(text: string): Example[] {
  const blocks = text.matchAll(/^```ts\n(\/\/ ([\w./-]+\.ts)\n[^]*?)^```$/gm);
  return Array.from(blocks, ([, code, file]) => ({ file: file!, code: code! }));
}
