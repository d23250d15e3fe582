/** `answerback listen`: shows and keeps what arrives, byte for byte, and takes late answers as their providers do. */
import { callbackUrls, realClock, type CallbackUrls } from "@answerback/simulator";
import { Command } from "commander";
import { startingLine, usualPort } from "../callbacks/how.ts";
import { meantFor, openFor, take } from "../callbacks/take.ts";
import { keeperIn, type Keeper } from "../http/request-file.ts";
import { listenFor, type Answer, type Arrived } from "../http/requests.ts";
import { shownArrived, arrivedAsJson } from "../print/arrived.ts";
import { toJsonLine } from "../print/json.ts";
import { shownCallback } from "../print/sent.ts";
import { wholeNumber } from "../typed.ts";
import { note, print, type World } from "../world.ts";

interface Options {
  readonly port: number;
  readonly host: string;
  /** The folder; `false`: nothing is kept. */
  readonly keep: string | false;
  readonly status: number;
  readonly body: string;
  readonly count: number;
  readonly json?: true;
}

/** The command. */
export function listenCommand(world: World): Command {
  return new Command("listen")
    .description("Show and keep what arrives, byte for byte, and take late answers, until Ctrl-C")
    .option("--port <number>", "where to listen; 0 is a free one", wholeNumber(0, 65_535), usualPort)
    .option("--host <address>", "on which address of this machine", "127.0.0.1")
    .option("--keep <folder>", "where what arrives is kept, a file each, credentials included", "deliveries")
    .option("--no-keep", "keep nothing")
    .option("--status <number>", "the status of every answer", wholeNumber(200, 599), 200)
    .option("--body <text>", "the body of every answer", "")
    .option("--count <number>", "end after so many requests", wholeNumber(1), Infinity)
    .option("--json", "print each request as one line of JSON")
    .addHelpText(
      "after",
      `
Requests are kept as they came over the wire; answerback replay sends them again. Late answers of an app come here, and
to nobody else, if the app is started with
  ${startingLine(new URL(`http://127.0.0.1:${usualPort}`))}`,
    )
    .action((options: Options) => listen(world, options));
}

async function listen(world: World, options: Options): Promise<void> {
  const keeper = options.keep === false ? undefined : keeperIn(options.keep);
  const callbacks = callbackUrls({ clock: realClock });
  const ended = new AbortController();
  let left = options.count;
  const listening = await listenFor(options, async (arrived) => {
    const { answer, line } = await taken(world, arrived, { options, keeper, callbacks });
    await print(world, line);
    left -= 1;
    if (left <= 0) ended.abort();
    return answer;
  });
  tell(world, listening.url, options);
  await once(AbortSignal.any([world.signal, ended.signal]));
  await listening.close();
}

function tell(world: World, url: URL, { keep }: Options): void {
  note(world, `Listening on ${url.origin} until Ctrl-C`);
  if (keep !== false)
    note(world, `What arrives is kept in ${keep}, for your eyes alone: credentials are in it`);
  note(world, `Late answers come here, too, if the app is started with\n  ${startingLine(url)}`);
}

interface Taking {
  readonly options: Options;
  readonly keeper: Keeper | undefined;
  readonly callbacks: CallbackUrls;
}

async function taken(
  world: World,
  arrived: Arrived,
  { options, keeper, callbacks }: Taking,
): Promise<{ readonly answer: Answer; readonly line: string }> {
  const file = keeper?.keep(arrived);
  const meant = meantFor(arrived);
  if (meant === undefined) {
    const answer = { status: arrived.method === "" ? 400 : options.status, body: options.body };
    const facts = { arrived, file, status: answer.status };
    return { answer, line: options.json ? toJsonLine(arrivedAsJson(facts)) : shownArrived(world, facts) };
  }
  openFor(callbacks, meant);
  const answer = await take(callbacks, arrived, meant);
  const use = callbacks.uses.at(-1)!;
  const facts = { arrived, file, status: answer.status, concluded: use.concluded };
  if (options.json) return { answer, line: toJsonLine(arrivedAsJson(facts)) };
  return { answer, line: `${shownArrived(world, { ...facts, short: true })}\n${shownCallback(world, use)}` };
}

function once(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
