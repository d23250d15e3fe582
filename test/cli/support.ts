/** The command line as a process of its own, with all that it printed, and receivers for it to talk to. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { basicAuth, bodySecret, createReceiver, postback, upsales, type Observation } from "@answerback/core";
import { createNodeHandler } from "@answerback/node";
import { runCommand } from "answerback";
import { onTestFinished } from "vitest";
import { serve, type Serving } from "../support/serve.ts";

const main = fileURLToPath(new URL("../../packages/cli/src/main.ts", import.meta.url));

/** What Node is given so that it runs our sources: 22.13 needs to be told. */
const nodeOptions = [
  "--conditions=source",
  "--experimental-strip-types",
  "--disable-warning=ExperimentalWarning",
];

/** How a command is run. */
export interface Running {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What Node itself is told beside. */
  readonly node?: readonly string[];
}

/** A command that ended. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A command at work. */
export interface Started {
  /** Resolves with all that was printed once it holds `text`, on either stream. */
  until(text: string): Promise<string>;
  /** As Ctrl-C. */
  stop(): void;
  readonly ended: Promise<Ended>;
}

/** Runs a command to its end. */
export function answerback(args: readonly string[], running: Running = {}): Promise<Ended> {
  return start(args, running).ended;
}

/** Runs a command as a function of this process, for what needs no process of its own. */
export async function called(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const [stdout, stderr, stdin] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const texts = Promise.all([text(stdout), text(stderr)]);
  const code = await runCommand(args, { stdout, stderr, stdin, env });
  stdout.end();
  stderr.end();
  const [out, err] = await texts;
  return { code, out, err };
}

/** Starts a command that goes on until it is stopped, or the test is finished. */
export function start(args: readonly string[], { env, cwd, node = [] }: Running = {}): Started {
  const child = spawn(process.execPath, [...nodeOptions, ...node, main, ...args], {
    env: { PATH: process.env["PATH"], HOME: tmpdir(), ...env },
    stdio: ["ignore", "pipe", "pipe"],
    ...(cwd !== undefined && { cwd }),
  });
  const printed = { out: "", err: "" };
  const waiting = new Set<() => void>();
  const hear = (stream: "out" | "err") => (text: string) => {
    printed[stream] += text;
    for (const look of waiting) look();
  };
  child.stdout.setEncoding("utf8").on("data", hear("out"));
  child.stderr.setEncoding("utf8").on("data", hear("err"));
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, ...printed }));
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  return {
    ended,
    stop: () => void child.kill("SIGINT"),
    until(text) {
      const found = new Promise<string>((resolve) => {
        const look = () => {
          const all = printed.out + printed.err;
          if (all.includes(text)) resolve(all);
        };
        waiting.add(look);
        look();
      });
      const gone = ended.then((end) => {
        throw new Error(`it ended before it printed ${text}: ${JSON.stringify(end)}`);
      });
      return Promise.race([found, gone]);
    },
  };
}

/** A folder until the test is finished. */
export function folderOfTest(): string {
  const folder = mkdtempSync(join(tmpdir(), "answerback-cli-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** Serves a receiver at the root of a server of its own. */
export function serveReceiver(receiver: Parameters<typeof createNodeHandler>[0]): Promise<Serving> {
  const handler = createNodeHandler(receiver);
  return serve((request, response) => void handler(request, response));
}

/** A receiver on a port, and what its handler was given. */
export interface Standing {
  readonly url: string;
  readonly handled: unknown[];
  readonly observed: Observation[];
}

/** Basic credentials of {@link standingPostback}. */
export const user = { username: "hook", password: "correct-horse-battery" };

/** A receiver of Postback's; `handle` may throw. */
export async function standingPostback(handle: (data: unknown) => unknown = () => {}): Promise<Standing> {
  return standing(
    (options) => createReceiver(postback(), { ...options, authenticate: basicAuth(user) }),
    handle,
  );
}

/** A receiver of Upsales', whose handler's answer is its callback. */
export async function standingUpsales(handle: (data: unknown) => unknown): Promise<Standing> {
  const authenticate = bodySecret("authenticationKey", "a-key-of-the-app-4711");
  return standing((options) => createReceiver(upsales(), { ...options, authenticate }), handle);
}

async function standing(make: (options: any) => any, handle: (data: any) => unknown): Promise<Standing> {
  const [handled, observed]: [unknown[], Observation[]] = [[], []];
  const receiver = make({
    onError: () => {},
    warn: () => {},
    observe: (record: Observation) => observed.push(record),
    handle: ({ data }: { readonly data: unknown }) => {
      handled.push(data);
      return handle(data);
    },
  });
  onTestFinished(() => receiver.close({ within: 0 }));
  const { url } = await serveReceiver(receiver);
  return { url, handled, observed };
}
