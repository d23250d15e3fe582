/** `answerback play`: events with all the attempts of their provider, days of them in seconds. */
import {
  callbackUrls,
  faultsInTurn,
  play,
  seededFaults,
  type Behaviours,
  type CallbackUrls,
  type Fault,
  type FaultPlan,
  type PlayOptions,
  type RawDelivery,
} from "@answerback/simulator";
import { Command, InvalidArgumentError, Option } from "commander";
import { serveCallbacks, tellOfNowhere, withCallbacks, type CallbackOptions } from "../callbacks/serve.ts";
import { Complaint, exit, wrong } from "../exit.ts";
import { providersHelp } from "../help.ts";
import { startNow, withQuiet, type QuietOptions } from "../playing/clock.ts";
import {
  makingOf,
  placeOf,
  withCredentials,
  withMaking,
  type CredentialOptions,
  type MakingOptions,
} from "../playing/options.ts";
import { aboutAddress, outgoing, protocolOf } from "../playing/outgoing.ts";
import { signedNow } from "../playing/true-time.ts";
import { shownEntry, shownEnd, endOf } from "../print/journal.ts";
import { toJson } from "../print/json.ts";
import { eventCalled, providerCalled } from "../providers/index.ts";
import { duration, oneOf, share, wholeNumber } from "../typed.ts";
import { note, print, untilStopped, type World } from "../world.ts";

interface Options extends CredentialOptions, MakingOptions, CallbackOptions, QuietOptions {
  readonly count: number;
  readonly every: number;
  readonly fault: readonly (Fault | undefined)[];
  readonly faultRate?: number;
  readonly behaviour: Readonly<Record<string, unknown>>;
  readonly json?: true;
}

/** The command. */
export function playCommand(world: World): Command {
  const command = new Command("play")
    .description("Play events with the provider's whole schedule of retries, without its waits")
    .argument("<provider>", "one of the list below")
    .argument("<event>", "one of its events")
    .argument("<url>", "where the receiver is: http://localhost:3000/hooks/postback");
  return withQuiet(withCallbacks(withMaking(withCredentials(command))), "as long as the provider waits")
    .option("--count <number>", "so many events, each of the next seed", wholeNumber(1, 100_000), 1)
    .addOption(
      new Option("--every <duration>", "from one event to the next, on the provider's clock")
        .argParser(duration)
        .default(1_000, "1s"),
    )
    .addOption(
      new Option(
        "--fault <kind>",
        "what goes wrong with the first attempt of each event; again for the second, and so on: drop-request, drop-response, drop-connection, stall, twice, again:5s, late:5s, none",
      )
        .argParser(addFault)
        .default([], "none"),
    )
    .option("--fault-rate <share>", "a share of the attempts goes wrong, the same ones for a seed", share)
    .addOption(
      new Option(
        "--behaviour <name=value>",
        "the four: how the provider behaves where its page leaves it open, such as number_of_attempts=3",
      )
        .argParser(addBehaviour)
        .default({}, "as its page says"),
    )
    .option("--json", "print the journal as JSON")
    .addHelpText("after", providersHelp)
    .action((provider: string, event: string, url: string, options: Options) =>
      playAll(world, { provider, event, url }, options),
    );
}

async function playAll(
  world: World,
  what: { readonly provider: string; readonly event: string; readonly url: string },
  options: Options,
): Promise<void> {
  const entry = providerCalled(what.provider);
  const place = placeOf(what.url, options);
  const played = entry.play(place.credentials);
  const event = eventCalled(entry.name, played, what.event);
  const clock = startNow();
  const steps = Array.from({ length: options.count }, (_, at) => {
    const making = { ...makingOf(options, place), seed: options.seed + at };
    return signedNow(outgoing(event, making, place), clock);
  });
  const callbacks = callbackUrls({ clock });
  const server = await serveCallbacks(world, options, { callbacks, published: played.published });
  for (const text of played.notes) note(world, text);
  const address = aboutAddress(steps[0]!);
  if (address && !server) tellOfNowhere(world, address);
  try {
    const playing = play(place.origin, steps, {
      ...playOptions(steps[0]!, options, callbacks),
      callbackWithinMs: server ? options.wait : 0,
      observe: (line) => void (options.json || print(world, shownEntry(world, line))),
    });
    const journal = await untilStopped(world, playing);
    await print(world, options.json ? toJson({ journal }) : shownEnd(world, journal));
    if (!endOf(journal).isWell) throw new Complaint(exit.failed);
  } finally {
    await server?.close();
  }
}

function playOptions(first: RawDelivery, options: Options, callbacks: CallbackUrls): PlayOptions {
  return {
    clock: callbacks.clock,
    callbacks,
    faults: faultsOf(options),
    everyMs: options.every,
    quietMs: options.quiet ?? protocolOf(first).patienceMs,
    ...behaviourOf(first, options),
  };
}

/** How one of the four behaves. The simulator refuses what there is not. */
function behaviourOf({ provider }: RawDelivery, { behaviour }: Options): Behaviours {
  if (Object.keys(behaviour).length === 0) return {};
  if (["upsales", "uphance", "appInbox", "postback"].includes(provider)) return { [provider]: behaviour };
  throw wrong(`--behaviour: ${provider} behaves as its page says, and has nothing to set`);
}

function addBehaviour(typed: string, before: Options["behaviour"]): Options["behaviour"] {
  const [, name, value = ""] = /^(\w+)=(.+)$/.exec(typed) ?? [];
  if (name === undefined) throw new InvalidArgumentError("Write it as name=value.");
  return { ...before, [name]: /^\d+$/.test(value) ? Number(value) : value };
}

const plain = ["drop-request", "drop-response", "drop-connection", "stall", "twice"] as const;
const kindOf = oneOf(...plain, "again", "late", "none");

function addFault(typed: string, before: Options["fault"]): Options["fault"] {
  const [word = "", time = "5s"] = typed.split(":");
  const kind = kindOf(word);
  if (kind === "again") return [...before, { kind, afterMs: duration(time) }];
  if (kind === "late") return [...before, { kind, byMs: duration(time) }];
  if (kind === "none") return [...before, undefined];
  return [...before, { kind: kind.replace("-", " ") } as Fault];
}

function faultsOf({ fault, faultRate, seed }: Options): FaultPlan {
  if (faultRate === undefined) return faultsInTurn(...fault);
  const faults = fault.filter((one) => one !== undefined);
  return seededFaults({ seed, rate: faultRate, ...(faults.length > 0 && { faults }) });
}
