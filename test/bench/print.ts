/** Findings as text. */
import { isMet, type Findings, type Table, type Verdict } from "./group.ts";

/** The tables of a group and its figures beside their goals. */
export function printed({ tables, verdicts }: Findings): string {
  return [...tables.map(tableText), ...(verdicts.length > 0 ? [tableText(verdictTable(verdicts))] : [])].join(
    "\n",
  );
}

/** The goals that were not reached, for the end. */
export function shortfalls(verdicts: readonly Verdict[]): string {
  const missed = verdicts.filter((verdict) => !isMet(verdict));
  if (missed.length === 0) return `All ${verdicts.length} figures reach their goals.\n`;
  const lines = missed.map((verdict) => `  goal ${verdict.goal}: ${inWords(verdict)}\n`);
  return `${missed.length} of ${verdicts.length} figures fall short of their goals:\n${lines.join("")}`;
}

function inWords({ what, value, bound, sense }: Verdict): string {
  return `${what} is ${short(value)}, to be ${sense} ${short(bound)}`;
}

function verdictTable(verdicts: readonly Verdict[]): Table {
  const rows = verdicts.map((verdict) => {
    const { goal, what, value, bound, sense } = verdict;
    return [goal, what, value, `${sense} ${short(bound)}`, isMet(verdict) ? "met" : "SHORT"];
  });
  return { title: "beside the goals", columns: ["goal", "what", "measured", "wanted", ""], rows };
}

function tableText({ title, columns, rows }: Table): string {
  const cells = [columns, ...rows].map((row) =>
    row.map((cell) => (typeof cell === "number" ? short(cell) : cell)),
  );
  const widths = columns.map((_, at) => Math.max(...cells.map((row) => row[at]!.length)));
  const [head, ...body] = cells.map(
    (row) => `| ${row.map((cell, at) => cell.padEnd(widths[at]!)).join(" | ")} |`,
  );
  const line = `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`;
  return [`\n${title}\n`, head, line, ...body, ""].join("\n");
}

/** Three figures that say something. */
function short(value: number): string {
  if (!Number.isFinite(value)) return "–";
  if (Math.abs(value) >= 1_000) return Math.round(value).toLocaleString("en");
  return String(Number(value.toPrecision(3)));
}
