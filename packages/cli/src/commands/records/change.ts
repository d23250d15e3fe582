/** `answerback records retry` and `discard`: of single records by their keys, or of all that a filter finds. */
import type { Found } from "@answerback/core";
import { Command } from "commander";
import {
  holderOf,
  withAll,
  withOne,
  withRecordOptions,
  type Named,
  type RecordOptions,
} from "../../backend/records.ts";
import { Complaint, exit, wrong } from "../../exit.ts";
import { toJson } from "../../print/json.ts";
import { visible } from "../../print/visible.ts";
import { print, type World } from "../../world.ts";
import { doAll, type BulkFlags } from "../bulk.ts";
import { filterOf, inWords, isOpen, meant, withFilter, type FilterOptions } from "../filter.ts";

interface Options extends RecordOptions, FilterOptions, BulkFlags {
  readonly all?: true;
}

interface Changing {
  readonly name: "retry" | "discard";
  readonly done: string;
  readonly says: string;
  readonly states: readonly Found["state"][];
}

/** Makes records due again. */
export function retryCommand(world: World): Command {
  return changeCommand(world, {
    name: "retry",
    done: "retried",
    says: "Make records due again: dead letters, unless --state says others",
    states: ["dead", "waiting", "paused", "settled"],
  });
}

/** Gives the work of records up. */
export function discardCommand(world: World): Command {
  return changeCommand(world, {
    name: "discard",
    done: "discarded",
    says: "Give the work of records up for good: of dead letters, unless --state says others",
    states: ["dead", "waiting", "due", "paused"],
  });
}

function changeCommand(world: World, changing: Changing): Command {
  const command = new Command(changing.name)
    .description(changing.says)
    .argument("[keys...]", "the keys of single records; else a filter, or --all");
  return withFilter(withRecordOptions(command), changing.states)
    .option("--all", "all dead letters, or all in the --state")
    .option("--yes", "do it without asking")
    .option("--dry-run", "show what it would be done to, and do nothing")
    .option("--json", "print the result as JSON")
    .action((keys: string[], options: Options) => {
      if (keys.length > 0) return changeKeys(world, keys, { changing, options });
      return changeAll(world, { changing, options });
    });
}

interface Task {
  readonly changing: Changing;
  readonly options: Options;
}

async function changeKeys(world: World, keys: readonly string[], { changing, options }: Task): Promise<void> {
  if (!isOpen(filterOf(options)) || options.all) throw wrong("give keys, or a filter, not both");
  await withAll(world, options, async (all) => {
    const done: string[] = [];
    for (const key of keys) {
      const { records } = await holderOf(all, key);
      if (!options.dryRun) await records[changing.name](key);
      done.push(key);
      if (world.signal.aborted) break;
    }
    if (options.json)
      await print(
        world,
        toJson({ [changing.done]: options.dryRun ? [] : done, dryRun: options.dryRun === true }),
      );
    else
      await print(
        world,
        `${options.dryRun ? `would be ${changing.done}` : changing.done}: ${done.map((key) => visible(key)).join(", ")}`,
      );
    if (world.signal.aborted) throw new Complaint(exit.stopped, "stopped");
  });
}

async function changeAll(world: World, { changing, options }: Task): Promise<void> {
  const typed = filterOf(options);
  if (isOpen({ ...typed, state: undefined }) && !options.all)
    throw wrong(
      `say which: keys, --error, --name, --id or --since; or --all for all ${options.state ?? "dead letters"}`,
    );
  await withOne(world, options, async (named: Named) => {
    const filter = { ...(await meant(typed, named)), state: options.state ?? "dead" } as const;
    const { records } = named;
    await doAll(world, named, {
      flags: options,
      done: changing.done,
      question: `${changing.name} what matches (${inWords(filter)})`,
      listed: filter,
      run: (bulk) =>
        changing.name === "retry" ? records.retryAll(filter, bulk) : records.discardAll(filter, bulk),
    });
  });
}
