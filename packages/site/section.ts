/** Headings of Markdown, what stands under them, and where links into a text may lead. */
import { textOf } from "./generate/sources/repository.ts";

/** A heading: `## In order` has the level 2 and the anchor `in-order`. */
export interface Heading {
  readonly level: number;
  readonly text: string;
  readonly anchor: string;
  /** Where its line begins and ends. */
  readonly start: number;
  readonly end: number;
}

/** The anchor that GitHub gives a heading. */
export function anchorOf(heading: string): string {
  return heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(/\s/g, "-");
}

/** The headings of a text. One with an anchor of its own says so: `## In order {#order}`. */
export function headingsOf(text: string): Heading[] {
  const seen = new Map<string, number>();
  return Array.from(withoutCode(text).matchAll(/^(#{1,6}) (.+?)(?: \{#(\S+)\})?$/gm), (match) => {
    const [line, marks = "", , own] = match;
    const words = text.slice(match.index + marks.length + 1, match.index + line.length);
    const title = words.replace(/ \{#\S+\}$/, "").replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1");
    const anchor = own ?? anchorOf(title);
    const times = seen.get(anchor) ?? 0;
    seen.set(anchor, times + 1);
    return {
      level: marks.length,
      text: title,
      anchor: times === 0 ? anchor : `${anchor}-${times}`,
      start: match.index,
      end: match.index + line.length,
    };
  });
}

/** All anchors of a text: of its headings, and those that are written out in HTML. */
export function anchorsOf(text: string): string[] {
  const written = Array.from(withoutCode(text).matchAll(/<a (?:id|name)="([^"]+)"/g), ([, id]) => id!);
  return [...headingsOf(text).map(({ anchor }) => anchor), ...written];
}

/** A file of the repository, or what stands under one of its headings, down to the next of that level. */
export function sectionOf(file: string, anchor?: string): string {
  const text = textOf(file);
  if (anchor === undefined) return text.trim();
  const headings = headingsOf(text);
  const at = headings.findIndex((heading) => heading.anchor === anchor);
  const heading = headings[at];
  if (!heading) throw new Error(`${file} has no heading #${anchor}`);
  const next = headings.slice(at + 1).find(({ level }) => level <= heading.level);
  return text.slice(heading.end, next?.start).trim();
}

/** Blocks of code become blanks, so that what looks like a heading or an anchor in them is none. */
function withoutCode(text: string): string {
  return text.replaceAll(/^```[^]*?^```$/gm, (block) => " ".repeat(block.length));
}
