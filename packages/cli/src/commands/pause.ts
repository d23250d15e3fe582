/** `answerback pause` and `resume`: the handling of events, in all processes of a receiver. */
import { Command } from "commander";
import { withOne, withRecordOptions, type Named, type RecordOptions } from "../backend/records.ts";
import { toJson } from "../print/json.ts";
import { shownPaused } from "../print/records.ts";
import { unknown } from "../providers/index.ts";
import { print, type World } from "../world.ts";
import { tellOfNearName } from "./near-name.ts";

type Options = RecordOptions & { readonly json?: true };

/** Pauses. */
export function pauseCommand(world: World): Command {
  return withRecordOptions(new Command("pause"))
    .description(
      "Pause the handling of all events, or of one type, in all processes: deliveries are accepted and wait",
    )
    .argument("[event]", "the event type, or the provider's own name; default: all")
    .option("--json", "print what is paused as JSON")
    .action((event: string | undefined, options: Options) =>
      withOne(world, options, async (named) => {
        if (event !== undefined) await tellOfNearName(world, named, event);
        await named.records.pause(event);
        await tell(world, named, options);
      }),
    );
}

/** Ends a pause. */
export function resumeCommand(world: World): Command {
  return withRecordOptions(new Command("resume"))
    .description("End a pause: what waited for it is due again")
    .argument("[event]", "what was given to pause; default: everything that is paused")
    .option("--json", "print what is still paused as JSON")
    .action((event: string | undefined, options: Options) =>
      withOne(world, options, async (named) => {
        await mustBePaused(named, event);
        await named.records.resume(event);
        await tell(world, named, options);
      }),
    );
}

async function mustBePaused({ records }: Named, event: string | undefined): Promise<void> {
  const { names } = await records.paused();
  if (event === undefined || names.includes(event) || names.length === 0) return;
  throw unknown("pause of", event, names);
}

async function tell(world: World, { receiver, records }: Named, { json }: Options): Promise<void> {
  const paused = await records.paused();
  await print(world, json ? toJson({ receiver, ...paused }) : shownPaused(receiver, paused));
}
