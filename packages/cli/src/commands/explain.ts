/** `answerback explain`: the story of an event, in sentences. */
import { Command } from "commander";
import { holderOf, withAll, withRecordOptions, type RecordOptions } from "../backend/records.ts";
import { toJson } from "../print/json.ts";
import { storyOf } from "../print/story.ts";
import { print, type World } from "../world.ts";

/** The command. */
export function explainCommand(world: World): Command {
  return withRecordOptions(new Command("explain"))
    .description("Tell the story of an event in sentences: what came, what became of it, what comes next")
    .argument("<key>", "the key of an event, as list shows it")
    .option("--json", "print the sentences as JSON")
    .action((key: string, options: RecordOptions & { readonly json?: true }) =>
      withAll(world, options, async (all) => {
        const { receiver, records, details } = await holderOf(all, key);
        const story = storyOf({ receiver, ...details }, { paused: await records.paused(), now: Date.now() });
        await print(world, options.json ? toJson({ receiver, key, story }) : story.join("\n"));
      }),
    );
}
