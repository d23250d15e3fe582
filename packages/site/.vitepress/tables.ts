/** Tables for everybody: a cell of the head with nothing in it heads nothing, so it is an ordinary cell. */
import type { MarkdownRenderer } from "vitepress";

/** Has a Markdown renderer write them so. */
export function plainEmptyHeads(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push("plain_empty_heads", ({ tokens }) => {
    for (const [index, token] of tokens.entries()) {
      if (token.type !== "th_open" || tokens[index + 1]!.content !== "") continue;
      token.tag = "td";
      tokens[index + 2]!.tag = "td";
    }
  });
}
