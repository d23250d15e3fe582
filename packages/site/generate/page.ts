/** A page, and the little Markdown that all of them are written in. */
import { dirname, relative } from "node:path/posix";

/** A page of the site. */
export interface Page {
  /** Where it stands in the site: `"providers/upsales.md"`. */
  readonly path: string;
  /** What stands there, as VitePress reads it. */
  readonly markdown: string;
}

/**
 * A page with a title and blocks, each a paragraph, a table or a piece of code; what is empty is left out. Links to other pages
 * are written from the top, `/guarantees.md#any.1`, and become relative here.
 */
export function page(path: string, title: string, blocks: readonly (string | undefined)[]): Page {
  const made = "<!-- Made by packages/site/generate: change the source, not this page. -->";
  const text = [made, `# ${title}`, ...blocks].filter((block) => block !== undefined && block !== "");
  const links = /\]\(\/([^)#\s]+)/g;
  const markdown = text.join("\n\n").replaceAll(links, (_all, to: string) => `](${wayTo(to, dirname(path))}`);
  return { path, markdown: `${markdown}\n` };
}

function wayTo(page: string, folder: string): string {
  const way = relative(folder, page);
  return way.startsWith(".") ? way : `./${way}`;
}

/** Text as VitePress may read it: a `<` or a `{{` outside of code is no tag and no expression. */
export function prose(text: string): string {
  return text
    .split(/(^```[^]*?^```$|``[^`]+``|`(?:(?!\n\n)[^`])+`)/m)
    .map((part, index) => (index % 2 === 1 ? part : escaped(part)))
    .join("");
}

/** A tag that is meant as one stays: our own anchors are. */
const escaped = (text: string) =>
  text.replaceAll(/<(?!\/?a\b[^>]*>)/g, "&lt;").replaceAll("{{", "&#123;&#123;");

/** A table. The cells are Markdown; a `|` in one is no border. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

const cell = (text: string) => text.replaceAll(/\s*\n\s*/g, " ").replaceAll(/(?<!\\)\|/g, "\\|");

/** Words in code. */
export function code(text: string): string {
  return text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``;
}

/** A block of code. */
export function block(language: string, text: string): string {
  return `\`\`\`${language}\n${text.trim()}\n\`\`\``;
}

/** What is folded away until somebody opens it. */
export function folded(summary: string, inside: string): string {
  return `::: details ${summary}\n\n${inside}\n\n:::`;
}

/** A heading with an anchor of its own, which stays when the words change. */
export function heading(level: number, text: string, id: string): string {
  return `${"#".repeat(level)} ${text} {#${id}}`;
}

/** A list. */
export function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join("\n");
}
