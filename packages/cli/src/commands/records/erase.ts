/** `answerback records erase`: all that is kept of one subject, by the provider's own id of it. */
import { Command } from "commander";
import { withAll, withRecordOptions, type RecordOptions } from "../../backend/records.ts";
import type { World } from "../../world.ts";
import { visible } from "../../print/visible.ts";
import { doAll, type BulkFlags } from "../bulk.ts";

/** The command. */
export function eraseCommand(world: World): Command {
  return withRecordOptions(new Command("erase"))
    .description(
      "Erase what is kept of one subject: its events, callbacks, errors and its id. That they were handled stays known",
    )
    .argument("<id>", "the provider's own id of the contact, the order, the message")
    .option("--yes", "do it without asking")
    .option("--dry-run", "show what would be erased, and do nothing")
    .option("--json", "print the result as JSON")
    .action((id: string, options: RecordOptions & BulkFlags) =>
      withAll(world, options, async (all) => {
        for (const named of all) {
          const { records: found } = await named.records.list({ id, limit: 1 });
          if (found.length === 0 && all.length > 1) continue;
          await doAll(world, named, {
            flags: options,
            done: "erased",
            question: `erase for good what ${visible(named.receiver)} keeps of ${visible(id, 100)}`,
            listed: { id },
            run: (bulk) => named.records.erase({ id }, bulk),
          });
        }
      }),
    );
}
