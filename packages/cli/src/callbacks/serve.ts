/** The addresses of the deliveries that send and play made, served on a port of this machine. */
import { setTimeout as sleep } from "node:timers/promises";
import type { CallbackUrls } from "@answerback/simulator";
import { Option, type Command } from "commander";
import { listenFor, type Answer, type Arrived, type Listening } from "../http/requests.ts";
import { hostAlone } from "../print/secrets.ts";
import { duration, wholeNumber } from "../typed.ts";
import { note, type World } from "../world.ts";
import { startingLine, usualPort } from "./how.ts";
import { meantFor, take } from "./take.ts";

/** The options of a command that takes callbacks. */
export interface CallbackOptions {
  /** The port; `true`: the usual one. */
  readonly callbacks?: number | true;
  /** How long to wait for a late answer: ms. */
  readonly wait: number;
}

/** Adds the options for late answers. */
export function withCallbacks(command: Command): Command {
  return command
    .addOption(
      new Option(
        "--callbacks [port]",
        `take late answers on this port (default ${usualPort}); the app has to be started as the command then says`,
      ).argParser(wholeNumber(1, 65_535)),
    )
    .addOption(
      new Option("--wait <duration>", "how long to wait for a late answer")
        .argParser(duration)
        .default(60_000, "60s"),
    );
}

/** What is served. */
export interface Served {
  /** The addresses of the deliveries. */
  readonly callbacks: CallbackUrls;
  /** What the provider publishes for its signatures, by address. */
  readonly published: Readonly<Record<string, string>>;
}

/** Serves them where `--callbacks` is given; else nothing is served, and nothing can arrive. */
export async function serveCallbacks(
  world: World,
  { callbacks: port }: CallbackOptions,
  served: { readonly callbacks: CallbackUrls; readonly published: Readonly<Record<string, string>> },
): Promise<Listening | undefined> {
  if (port === undefined) return undefined;
  const at = { host: "127.0.0.1", port: port === true ? usualPort : port };
  const listening = await listenFor(at, (arrived) => answerTo(world, arrived, served));
  note(
    world,
    `Late answers are taken on ${listening.url.origin}, if the app was started with\n  ${startingLine(listening.url)}`,
  );
  return listening;
}

async function answerTo(world: World, arrived: Arrived, { callbacks, published }: Served): Promise<Answer> {
  const meant = meantFor(arrived);
  const text = meant !== undefined && arrived.method === "GET" ? published[meant] : undefined;
  if (text !== undefined) return { status: 200, body: text };
  if (meant !== undefined && callbacks.knows(meant)) return take(callbacks, arrived, meant);
  // of an earlier run, say, whose receiver tries it again
  const where = meant === undefined ? "nowhere" : hostAlone(meant);
  note(world, `A request that was meant for ${where} belongs to no delivery of this run: answered 404`);
  return { status: 404 };
}

/** What is told where a delivery has an address, and nobody takes what is posted there. */
export function tellOfNowhere(world: World, address: string): void {
  const start = startingLine(new URL(`http://127.0.0.1:${usualPort}`));
  note(
    world,
    `A late answer would go to ${address}, where nobody is. To see it here, start the app with\n  ${start}\nand add --callbacks.`,
  );
}

/** Resolves when the address takes nothing more, when the wait is over, or on Ctrl-C. */
export async function untilUsed(
  callbacks: CallbackUrls,
  url: string,
  within: { readonly ms: number; readonly signal: AbortSignal },
): Promise<void> {
  if (!callbacks.isOpen(url)) return;
  const ended = new AbortController();
  const stop = callbacks.subscribe(() => !callbacks.isOpen(url) && ended.abort());
  const signal = AbortSignal.any([ended.signal, within.signal]);
  await sleep(within.ms, undefined, { signal }).catch(() => {});
  stop();
}
