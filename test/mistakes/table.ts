/** The rows as the page that people read. */
import type { Chapter, Refused, Said, Told } from "./mistake.ts";

/** The page, in Markdown. */
export function page(atCreation: readonly Chapter<Refused>[], atRunTime: readonly Chapter<Told>[]): string {
  const rows = [...atCreation, ...atRunTime].flatMap((chapter) => chapter.rows as readonly Said[]);
  return [
    "# Mistakes, and what is said of them",
    `${rows.length} mistakes. The suite beside this page makes each, and compares code and message; the cure is **bold**, and at creation there always is one. \`vitest run -u mistakes\` writes the page anew.`,
    "## At creation",
    "Refused by an `OptionError`, before anything is sent.",
    ...atCreation.flatMap(({ title, rows: refused }) => [
      `### ${title}`,
      table(
        ["the mistake", "code", "the message"],
        refused.map(({ mistake, code, says }) => [mistake, `\`${code}\``, says]),
      ),
    ]),
    "## At run time",
    "Told to `onError`, or to the observer of warnings; without either, as here, it is a warning of the process. The receiver's name is in front.",
    ...atRunTime.flatMap(({ title, rows: told }) => [
      `### ${title}`,
      table(
        ["the mistake", "the provider gets", "code", "the message"],
        told.map(({ mistake, status, code, says }) => [mistake, String(status), `\`${code}\``, says]),
      ),
    ]),
    "",
  ]
    .join("\n\n")
    .trimEnd()
    .concat("\n");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.map(cell).join(" | ")} |`)
    .join("\n");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
