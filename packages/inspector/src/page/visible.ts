/** Texts from outside, with what cannot be seen made visible: nothing turns a line round, hides in it, or piles up on it. */

/** Controls but for tab and line feed, what has no width or turns the direction of text, and half characters. */
const unseen = /(?![\t\n])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** More marks on one character than any script has: they would be drawn over the lines around. */
const piledUp = /(\p{M}{4})\p{M}+/gu;

/** The text, its unseen characters as escapes of JavaScript. */
export function visible(text: string): string {
  return text.replace(piledUp, "$1…").replace(unseen, escaped);
}

function escaped(one: string): string {
  const code = one.codePointAt(0)!.toString(16);
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, "0")}`;
}
