/** Draws the blocks of Markdown that are pictures: Mermaid's, and lines of time. What stands behind the language is the caption. */
import { renderMermaidSVG } from "beautiful-mermaid";
import type { MarkdownRenderer } from "vitepress";
import { drawLine } from "./line.ts";

const painters: Readonly<Record<string, (text: string) => string>> = { mermaid: drawMermaid, line: drawLine };

/** Has a Markdown renderer draw them. The text stays what it is for those who read the Markdown. */
export function drawPictures(markdown: MarkdownRenderer): void {
  const fence = markdown.renderer.rules.fence!;
  markdown.renderer.rules.fence = (tokens, index, ...rest) => {
    const { info, content } = tokens[index]!;
    const [, language = "", caption = ""] = /^(\w*) *(.*)$/.exec(info.trim())!;
    const paint = painters[language];
    if (!paint) return fence(tokens, index, ...rest);
    if (!caption) throw new Error(`a picture has no caption:\n${content}`);
    const words = markdown.utils.escapeHtml(caption);
    const svg = paint(content).replace("<svg ", `<svg role="img" aria-label="${words}" `);
    return `<figure class="picture" v-pre>${svg}<figcaption aria-hidden="true">${words}</figcaption></figure>\n`;
  };
}

/** Its colours are those of the page's style sheet, so that they turn with light and dark; nor does it ask anybody for a font. */
function drawMermaid(text: string): string {
  return renderMermaidSVG(text, { padding: 8, transparent: true })
    .replace(/<style>[^]*?<\/style>/, "")
    .replace(/ style="[^"]*"/, "")
    .replaceAll(/^\s*\n/gm, "");
}
