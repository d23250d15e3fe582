/** The benchmark: runs the groups that the command line names, prints what they find, and says which goals fall short. */
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import type { Findings } from "./group.ts";
import { groups } from "./groups.ts";
import { printed, shortfalls } from "./print.ts";
import { settingsOf } from "./settings.ts";

const settings = settingsOf(
  process.argv.slice(2).filter((arg) => arg !== "--"),
  groups.map(({ name }) => name),
);
const found: Record<string, Findings> = {};

for (const { name, title, measure } of groups) {
  if (!settings.only.includes(name)) continue;
  process.stdout.write(`\n${name}: ${title}\n`);
  found[name] = await measure(settings);
  process.stdout.write(printed(found[name]));
}
process.stdout.write(`\n${shortfalls(Object.values(found).flatMap(({ verdicts }) => verdicts))}`);

if (settings.json !== undefined) {
  const machine = { node: process.version, cpus: cpus().length, model: cpus()[0]?.model };
  writeFileSync(settings.json, `${JSON.stringify({ machine, settings, found }, null, 2)}\n`);
}
