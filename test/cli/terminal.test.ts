/** The commands as functions, on streams that are terminals or none: colour, questions, progress, Ctrl-C. */
import { PassThrough } from "node:stream";
import { createReceiver, PermanentError, postback } from "@answerback/core";
import { sqlite } from "@answerback/sqlite";
import { runCommand } from "answerback";
import { expect, it } from "vitest";
import { fileOfTest } from "../support/sqlite-file.ts";

/** A stream that is a terminal, or none, with what was written to it. */
function stream(isTTY: boolean): PassThrough & { isTTY: boolean; text: string } {
  const made = Object.assign(new PassThrough(), { isTTY, text: "" });
  made.on("data", (chunk) => (made.text += String(chunk)));
  return made;
}

interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command; `answer` is what is typed. */
async function run(
  args: readonly string[],
  {
    terminal = true,
    env = {},
    answer,
    stopAt,
  }: { terminal?: boolean; env?: Record<string, string>; answer?: string; stopAt?: string } = {},
): Promise<Run> {
  const [stdout, stderr, stdin] = [stream(terminal), stream(terminal), stream(terminal)];
  const stopped = new AbortController();
  stderr.on("data", () => {
    if (answer !== undefined && stderr.text.endsWith("[y/N] ")) stdin.write(`${answer}\n`);
    if (stopAt !== undefined && stderr.text.includes(stopAt)) stopped.abort();
  });
  const code = await runCommand(args, { stdout, stderr, stdin, env, signal: stopped.signal });
  return { code, out: stdout.text, err: stderr.text };
}

/** A file with so many dead letters. */
async function dead(number: number): Promise<string> {
  const file = fileOfTest();
  const backend = sqlite(file);
  const receiver = createReceiver(postback(), {
    backend,
    authenticate: false,
    requireHttps: false,
    onError: () => {},
    warn: () => {},
    handle: () => {
      throw new PermanentError("no such customer");
    },
  });
  const deliver = (id: string) => {
    const form = new URLSearchParams({
      type: "DELETE",
      resource: "contact",
      number_of_attempts: "1",
      data: JSON.stringify({ id }),
    });
    return receiver.receive({
      method: "POST",
      path: "/",
      query: "",
      headers: { "content-type": ["application/x-www-form-urlencoded"] },
      secure: true,
      body: async () => ({ kind: "bytes", bytes: Buffer.from(form.toString()) }) as any,
    } as any);
  };
  for (let at = 0; at < number; at += 1) await deliver(`c${at}`);
  await receiver.close();
  await backend.close();
  return file;
}

const colour = /\u001b\[\d/;

it("colours are for terminals alone, and not where NO_COLOR is set", async () => {
  const args = ["records", "list", "--backend", `sqlite:${await dead(1)}`];
  expect((await run(args)).out).toMatch(colour);
  expect((await run(args, { terminal: false })).out).not.toMatch(colour);
  expect((await run(args, { env: { NO_COLOR: "1" } })).out).not.toMatch(colour);
});

it("what is done to many asks first: yes does it, everything else does nothing", async () => {
  const args = ["records", "discard", "--all", "--backend", `sqlite:${await dead(3)}`];
  const no = await run(args, { answer: "n" });
  expect([no.code, no.out]).toEqual([1, ""]);
  expect(no.err).toContain("discard what matches (state dead): 3 records? [y/N] ");
  expect((await run(args, { answer: "" })).err).toContain("nothing was done");
  const yes = await run(args, { answer: "y" });
  expect([yes.code, yes.out]).toEqual([0, "discarded 3\n"]);
});

it("shows how far it has come on a terminal, and stops between two records", async () => {
  const file = await dead(250);
  const args = ["records", "discard", "--all", "--yes", "--backend", `sqlite:${file}`];
  const { code, out, err } = await run(args, { stopAt: "discarded 100" });
  expect([code, out, err]).toEqual([
    130,
    "discarded 100\n",
    expect.stringContaining("stopped; what was done stays done"),
  ]);
  const quiet = await run(args, { terminal: false });
  expect(quiet).toEqual({ code: 0, out: "discarded 150\n", err: "" });
});

it("Ctrl-C at the question does nothing", async () => {
  const args = ["records", "discard", "--all", "--backend", `sqlite:${await dead(1)}`];
  expect(await run(args, { stopAt: "[y/N]" })).toMatchObject({ code: 1, out: "" });
});
