/** Text of strangers on a terminal: what it could steer or hide with is written out, and what is long is cut. */

/** Control characters, escapes, what turns or joins text unseen, lone surrogates, and what no character is. */
const odd = /[\p{C}\p{Zl}\p{Zp}]/gu;

/**
 * One line of text, with all that is odd in it written out: `\n`, `\x1b`, `\u202e`.
 *
 * @param most How many characters are shown. Default: all. What is cut says how long it was.
 */
export function visible(text: string, most: number = Infinity): string {
  if (text.length <= most) return text.replace(odd, escaped);
  return `${text.slice(0, most).replace(odd, escaped)}… (${count(text.length)} characters)`;
}

/** The same, but lines stay lines. */
export function visibleLines(text: string, most: number = Infinity): string {
  const [shown, rest] = [text.slice(0, most), text.slice(most)];
  const lines = shown
    .split("\n")
    .map((line) => visible(line))
    .join("\n");
  return rest === "" ? lines : `${lines}… (${count(text.length)} characters)`;
}

/** Lines under a heading. What is in them cannot look like a line of ours. */
export function indented(text: string, by = "  "): string {
  return text.replace(/^/gm, by);
}

/** A number as people read it: `8,388,608`. */
export function count(number: number): string {
  return number.toLocaleString("en-US");
}

const named: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function escaped(char: string): string {
  const code = char.codePointAt(0)!;
  const digits = code.toString(16);
  if (code > 0xffff) return `\\u{${digits}}`;
  return named[char] ?? (code < 0x100 ? `\\x${digits.padStart(2, "0")}` : `\\u${digits.padStart(4, "0")}`);
}
