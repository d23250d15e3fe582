/** `answerback records show`: one record with what it holds. */
import { Command } from "commander";
import { holderOf, withAll, withRecordOptions, type RecordOptions } from "../../backend/records.ts";
import { toJson } from "../../print/json.ts";
import { shownDetails } from "../../print/details.ts";
import { print, type World } from "../../world.ts";

/** The command. */
export function showCommand(world: World): Command {
  return withRecordOptions(new Command("show"))
    .description("Show one record with its data, its answer and its last error")
    .argument("<key>", "the key of an event, as list shows it")
    .option("--json", "print as JSON, nothing cut")
    .action((key: string, options: RecordOptions & { readonly json?: true }) =>
      withAll(world, options, async (all) => {
        const { receiver, details } = await holderOf(all, key);
        const facts = { receiver, ...details };
        await print(world, options.json ? toJson(facts) : shownDetails(world, facts));
      }),
    );
}
