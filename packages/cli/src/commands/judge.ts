/** `answerback judge`: plays a provider's scenarios at a receiver that stands already, and says what it does wrong. */
import { randomInt } from "node:crypto";
import { callbackUrls, judgeBy, type Report, type Scenario } from "@answerback/simulator";
import { Command, Option } from "commander";
import { startingLine, usualPort } from "../callbacks/how.ts";
import { serveCallbacks, withCallbacks, type CallbackOptions } from "../callbacks/serve.ts";
import { Complaint, exit, wrong } from "../exit.ts";
import { providersHelp } from "../help.ts";
import { startNow, withQuiet, type QuietOptions } from "../playing/clock.ts";
import { placeOf, withCredentials, type CredentialOptions, type Place } from "../playing/options.ts";
import { toJson } from "../print/json.ts";
import { shownReport, shownSummary } from "../print/report.ts";
import { providerCalled, unknown } from "../providers/index.ts";
import { wholeNumber } from "../typed.ts";
import { note, print, progress, untilStopped, type World } from "../world.ts";

interface Options extends CredentialOptions, CallbackOptions, QuietOptions {
  readonly only: readonly string[];
  readonly seed?: number;
  readonly json?: true;
}

/** The command. */
export function judgeCommand(world: World): Command {
  const command = new Command("judge")
    .description("Play a provider's scenarios at a receiver, and say which clauses it breaks")
    .argument("<provider>", "one of the list below")
    .argument("<url>", "where the receiver is: http://localhost:3000/hooks/postback");
  return withQuiet(withCallbacks(withCredentials(command)), "2s")
    .addOption(
      new Option("--only <scenario>", "this scenario alone; again for another")
        .argParser((name: string, before: string[]) => [...before, name])
        .default([], "all"),
    )
    .option(
      "--seed <number>",
      "another seed makes other events; default: one of this run's own",
      wholeNumber(0),
    )
    .option("--json", "print the report as JSON")
    .addHelpText("after", providersHelp)
    .action((provider: string, url: string, options: Options) => judgeAll(world, { provider, url }, options));
}

async function judgeAll(
  world: World,
  what: { readonly provider: string; readonly url: string },
  options: Options,
): Promise<void> {
  const entry = providerCalled(what.provider);
  const place = placeOf(what.url, options);
  if (place.query !== "")
    throw wrong("the judge plays at a path: give the address without what stands behind ?");
  const played = entry.play(place.credentials);
  const clock = startNow();
  const callbacks = callbackUrls({ clock });
  const scenarios = chosen(played.scenarios(clock), options.only);
  const server = await serveCallbacks(world, options, { callbacks, published: played.published });
  for (const text of played.notes) note(world, text);
  if (!server && entry.hasAddress) note(world, withoutTaker);
  const judging = judgingOf(place, options);
  const play = async (scenario: Scenario): Promise<Report> => {
    if (!server && scenario.needs?.includes("callbacks")) return skippedFor(scenario);
    return untilStopped(world, judgeBy([scenario], { target: place.origin, callbacks }, judging));
  };
  const reports: Report[] = [];
  try {
    for (const [at, scenario] of scenarios.entries()) {
      progress(world, `${at + 1} of ${scenarios.length}: ${scenario.name}`);
      const report = await play(scenario);
      reports.push(report);
      progress(world, "");
      if (!options.json) await print(world, shownReport(world, report));
    }
  } finally {
    progress(world, "");
    await server?.close();
  }
  const report = { provider: entry.name, seed: judging.seed, ...whole(reports) };
  await print(world, options.json ? toJson(report) : shownSummary(world, report));
  if (report.findings.length > 0) throw new Complaint(exit.failed);
}

const withoutTaker = `An answer that is late would be posted to the provider's own host, at an address that it does not know. To judge
late answers, and to have them go nowhere else, start the app with
  ${startingLine(new URL(`http://127.0.0.1:${usualPort}`))}
and add --callbacks.`;

function judgingOf({ mount, credentials: { user, secret } }: Place, { quiet = 2_000, seed }: Options) {
  return {
    mount,
    quietMs: quiet,
    // a receiver that stands has seen the events of the last run
    seed: seed ?? randomInt(1, 2 ** 31),
    ...(user && { credentials: user }),
    ...(secret !== undefined && { secret, authenticationKey: secret }),
  };
}

function chosen(all: readonly Scenario[], only: readonly string[]): readonly Scenario[] {
  const names = all.map(({ name }) => name);
  const missing = only.find((name) => !names.includes(name));
  if (missing !== undefined) throw unknown("scenario", missing, names);
  return only.length > 0 ? all.filter(({ name }) => only.includes(name)) : all;
}

const skippedFor = ({ provider, name }: Scenario): Report => ({
  provider,
  findings: [],
  passed: [],
  skipped: [{ scenario: name, lacks: "callbacks" }],
});

function whole(reports: readonly Report[]): Omit<Report, "provider"> {
  return {
    findings: reports.flatMap(({ findings }) => findings),
    passed: reports.flatMap(({ passed }) => passed),
    skipped: reports.flatMap(({ skipped }) => skipped),
  };
}
