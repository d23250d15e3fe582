/** Scenes as text: a title, and a line for each attempt and each callback. */
import type { Line, Scene } from "./scene.ts";

/** Of the columns, in characters; the last is as wide as it likes. */
const widths = [8, 21, 27, 19] as const;

/** What stands above the columns. */
export const head: string = row([
  "time",
  "sent",
  "reply, or callback",
  "our handler",
  "what the provider concluded",
]);

export function printScene({ title, app }: Pick<Scene, "title" | "app">, lines: readonly Line[]): string {
  return [`${title} (${app})`, ...lines.map(printLine)].join("\n");
}

function printLine({ atMs, what, came: [got, saw, concluded] }: Line): string {
  return row([timeOf(atMs), what, got, saw || "–", concluded]);
}

function row(cells: readonly string[]): string {
  const padded = cells.map((cell, at) => fit(cell, widths[at]));
  return `  ${padded.join("  ")}`.trimEnd();
}

function fit(cell: string, width = cell.length): string {
  return cell.length > width ? `${cell.slice(0, width - 1)}…` : cell.padEnd(width);
}

/** `"03:00:00"` */
function timeOf(ms: number): string {
  return new Date(ms).toISOString().slice(11, 19);
}
