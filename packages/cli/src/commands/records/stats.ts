/** `answerback records stats`: how many records there are in each state, and what has been due longest. */
import { Command } from "commander";
import { withAll, withRecordOptions, type RecordOptions } from "../../backend/records.ts";
import { toJson } from "../../print/json.ts";
import { shownStats } from "../../print/records.ts";
import { wholeNumber } from "../../typed.ts";
import { print, type World } from "../../world.ts";

interface Options extends RecordOptions {
  readonly upTo: number;
  readonly json?: true;
}

/** The command. */
export function statsCommand(world: World): Command {
  return withRecordOptions(new Command("stats"))
    .description("Count records by their state, and say what has been due longest and what is paused")
    .option("--up-to <number>", "how far a state is counted", wholeNumber(1), 10_000)
    .option("--json", "print as JSON")
    .action((options: Options) =>
      withAll(world, options, async (all) => {
        const stats = [];
        for (const { receiver, records } of all) {
          // no handler runs here: how many run elsewhere, this process does not know
          const { runs: _runs, posts: _posts, ...counts } = await records.stats({ upTo: options.upTo });
          stats.push({ receiver, ...counts });
        }
        await print(world, options.json ? toJson({ receivers: stats }) : shownStats(world, stats));
      }),
    );
}
