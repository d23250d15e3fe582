/** `answerback records list`: records, the newest first, a page or all of them. */
import type { Found, RecordFilter } from "@answerback/core";
import { Command } from "commander";
import { withAll, withRecordOptions, type Named, type RecordOptions } from "../../backend/records.ts";
import { Complaint, exit, wrong } from "../../exit.ts";
import { toJson, toJsonLine } from "../../print/json.ts";
import { shownRecords } from "../../print/records.ts";
import { visible } from "../../print/visible.ts";
import { wholeNumber } from "../../typed.ts";
import { note, print, styled, type World } from "../../world.ts";
import { filterOf, isOpen, meant, withFilter, type FilterOptions } from "../filter.ts";
import { tellOfNearName } from "../near-name.ts";

interface Options extends RecordOptions, FilterOptions {
  readonly limit: number;
  readonly cursor?: string;
  readonly all?: true;
  readonly json?: true;
}

/** The command. */
export function listCommand(world: World): Command {
  const command = new Command("list").description("List records, the newest first");
  return withFilter(withRecordOptions(command), [
    "held",
    "free",
    "due",
    "waiting",
    "paused",
    "dead",
    "settled",
  ])
    .option("--limit <number>", "how many of a receiver at most", wholeNumber(1), 50)
    .option("--cursor <cursor>", "go on behind a page, as that page says")
    .option("--all", "all of them; with --json one record a line")
    .option("--json", "print as JSON")
    .action((options: Options) => withAll(world, options, (all) => list(world, all, options)));
}

async function list(world: World, all: readonly Named[], options: Options): Promise<void> {
  if (options.cursor !== undefined && all.length > 1)
    throw wrong("--cursor: say of which receiver the page was: --receiver");
  const cursors: Record<string, string | undefined> = {};
  const listed: object[] = [];
  for (const named of all) {
    const filter = await meant(filterOf(options), named);
    let found = 0;
    for await (const { records, cursor } of pagesOf(named, filter, options)) {
      found += records.length;
      cursors[named.receiver] = cursor;
      const facts = records.map((record) => ({ receiver: named.receiver, ...record }));
      if (!options.json)
        await printPage(world, {
          named,
          records,
          isFirst: found === records.length,
          isAlone: all.length === 1,
        });
      else if (options.all) for (const one of facts) await print(world, toJsonLine(one));
      else listed.push(...facts);
      if (world.signal.aborted) throw new Complaint(exit.stopped, "stopped");
    }
    if (found === 0 && options.name !== undefined) await tellOfNearName(world, named, options.name);
    if (found === 0 && !options.json) await printNone(world, named, filter);
  }
  if (options.json && !options.all) await print(world, toJson({ records: listed, cursors }));
  else tellOfMore(world, cursors);
}

/** Pages until enough are found, or all. One may be empty, where many records had to be passed over. */
async function* pagesOf({ records }: Named, filter: RecordFilter, { limit, all, cursor: first }: Options) {
  let cursor = first;
  let left = all ? Infinity : limit;
  do {
    const page = await records.list({ ...filter, limit: Math.min(left, 1_000), cursor });
    yield page;
    left -= page.records.length;
    cursor = page.cursor;
  } while (cursor !== undefined && left > 0);
}

async function printPage(
  world: World,
  {
    named,
    records,
    isFirst,
    isAlone,
  }: { named: Named; records: readonly Found[]; isFirst: boolean; isAlone: boolean },
): Promise<void> {
  if (records.length === 0) return;
  if (isFirst && !isAlone) await print(world, styled(world, "bold", visible(named.receiver)));
  await print(world, shownRecords(world, records, { headed: isFirst }));
}

async function printNone(world: World, { receiver }: Named, filter: RecordFilter): Promise<void> {
  await print(world, `${visible(receiver)}: no records${isOpen(filter) ? "" : " that match"}`);
}

function tellOfMore(world: World, cursors: Readonly<Record<string, string | undefined>>): void {
  for (const [receiver, cursor] of Object.entries(cursors))
    if (cursor !== undefined)
      note(world, `There are more of ${receiver}: --receiver ${receiver} --cursor ${cursor}, or --all`);
}
