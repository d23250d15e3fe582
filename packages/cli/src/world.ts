/** What a command has of the world: where it prints, what it asks, what the environment says, when it shall stop. */
import { once } from "node:events";
import { createInterface } from "node:readline/promises";
import { styleText } from "node:util";
import { Complaint, exit } from "./exit.ts";
import { visible, visibleLines } from "./print/visible.ts";

/** The outside of a command. `process` has all of it but `signal`. */
export interface World {
  /** Where results go. */
  readonly stdout: NodeJS.WritableStream;
  /** Where notes, progress and complaints go. */
  readonly stderr: NodeJS.WritableStream;
  /** Where answers come from. */
  readonly stdin: NodeJS.ReadableStream;
  /** The environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ctrl-C. */
  readonly signal: AbortSignal;
}

/** The styles of a terminal that are used here. */
export type Style = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

/** Prints a result. It waits while the reader is slow, so that a long list takes no memory. */
export async function print({ stdout }: World, text: string): Promise<void> {
  if (!stdout.write(`${text}\n`)) await once(stdout, "drain");
}

/** Tells whoever typed the command something beside the result. Control characters are made visible. */
export function note({ stderr }: World, text: string): void {
  stderr.write(`${visibleLines(text)}\n`);
}

/** Shows how far a long work has come: in one line that is written over, and on a terminal alone. */
export function progress({ stderr }: World, text: string): void {
  if (isTerminal(stderr)) stderr.write(`\r\u001b[K${visible(text)}`);
}

/** Styles a text, on a terminal alone, and not where NO_COLOR is set. */
export function styled(world: World, style: Style, text: string): string {
  const { stdout, env } = world;
  return isTerminal(stdout) && !env["NO_COLOR"] && env["TERM"] !== "dumb"
    ? styleText(style, text, { validateStream: false })
    : text;
}

/** The work, or a Complaint as soon as Ctrl-C stops it: what it still does is then of no use. */
export function untilStopped<Value>({ signal }: World, work: Promise<Value>): Promise<Value> {
  if (signal.aborted) return Promise.reject(stopped());
  return new Promise((resolve, reject) => {
    const stop = () => reject(stopped());
    signal.addEventListener("abort", stop, { once: true });
    void work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

const stopped = () => new Complaint(exit.stopped, "stopped");

/** Can somebody be asked? */
export function canAsk({ stdin, stderr }: World): boolean {
  return isTerminal(stdin) && isTerminal(stderr);
}

/** Asks for a yes. Everything else is a no. */
export async function ask({ stdin, stderr, signal }: World, question: string): Promise<boolean> {
  const lines = createInterface({ input: stdin, output: stderr });
  try {
    return /^y(es)?$/i.test((await lines.question(`${visible(question)} [y/N] `, { signal })).trim());
  } catch {
    // Ctrl-C, or the end of the input
    return false;
  } finally {
    lines.close();
  }
}

function isTerminal(stream: NodeJS.WritableStream | NodeJS.ReadableStream): boolean {
  return "isTTY" in stream && stream.isTTY === true;
}
