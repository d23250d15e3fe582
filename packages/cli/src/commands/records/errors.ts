/** `answerback records errors`: dead letters in groups, by what they died of. */
import { Command } from "commander";
import { withAll, withRecordOptions, type RecordOptions } from "../../backend/records.ts";
import { toJson } from "../../print/json.ts";
import { shownGroups } from "../../print/records.ts";
import { wholeNumber } from "../../typed.ts";
import { note, print, type World } from "../../world.ts";

interface Options extends RecordOptions {
  readonly limit: number;
  readonly json?: true;
}

/** The command. */
export function errorsCommand(world: World): Command {
  return withRecordOptions(new Command("errors"))
    .description("Group dead letters by what they died of, the largest group first")
    .option(
      "--limit <number>",
      "how many dead letters are looked at, the newest first",
      wholeNumber(1),
      10_000,
    )
    .option("--json", "print as JSON")
    .action((options: Options) =>
      withAll(world, options, async (all) => {
        const groups = [];
        for (const { receiver, records } of all) {
          const found = await records.errors({ limit: options.limit });
          groups.push(...found.map((group) => ({ receiver, ...group })));
        }
        if (options.json) return print(world, toJson({ groups }));
        if (groups.length === 0) return print(world, "no dead letters");
        await print(world, shownGroups(world, groups));
        note(world, "A group is retried or discarded with: answerback records retry --error '…'");
      }),
    );
}
