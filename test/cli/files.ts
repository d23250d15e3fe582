/** Files with the records of receivers that are gone, for the commands to look into. */
import {
  createReceiver,
  PermanentError,
  postback,
  type Receiver,
  type ReceiverOptions,
} from "@answerback/core";
import { deliveries } from "@answerback/simulator";
import { sqlite } from "@answerback/sqlite";
import { expect, onTestFinished } from "vitest";
import { answerback, called, serveReceiver, type Ended } from "./support.ts";

/** Runs a command on a file. */
export function on(file: string, ...args: string[]): Promise<Ended> {
  return called([...args, "--backend", `sqlite:${file}`]);
}

/** The same, as a process of its own. */
export function processOn(file: string, ...args: string[]): Promise<Ended> {
  return answerback([...args, "--backend", `sqlite:${file}`]);
}

/** What a command printed as JSON. */
export async function jsonOn(file: string, ...args: string[]): Promise<any> {
  const { code, out, err } = await on(file, ...args, "--json");
  expect([code, err]).toEqual([0, expect.any(String)]);
  return JSON.parse(out);
}

/** Has a receiver handle contacts with these ids, and closes it. */
export async function handled(
  file: string,
  ids: readonly string[],
  handle: (id: string) => unknown,
  options: Partial<ReceiverOptions> & { readonly event?: "contactCreate" | "contactUpdate" } = {},
): Promise<void> {
  const { event = "contactCreate", ...given } = options;
  const receiver = open(file, handle, given);
  const { url } = await serveReceiver(receiver);
  for (const id of ids) {
    const { path, headers, body } = deliveries.postback[event]({ data: { id } });
    await fetch(url + path, { method: "POST", headers, body });
  }
  await receiver.idle();
  await receiver.close();
}

/** A receiver of contacts on a file, closed when the test is finished. */
export function open(
  file: string,
  handle: (id: string) => unknown,
  given: Partial<ReceiverOptions> = {},
): Receiver<any, any> {
  const backend = sqlite(file);
  const receiver = createReceiver(postback(), {
    authenticate: false,
    requireHttps: false,
    onError: () => {},
    warn: () => {},
    ...given,
    backend,
    handle: ({ data }: any) => handle(data.id),
  } as any);
  onTestFinished(async () => {
    await receiver.close({ within: 0 });
    await backend.close();
  });
  return receiver;
}

/** A handler that gives every event up. */
export const dies =
  (why: string): (() => never) =>
  () => {
    throw new PermanentError(why);
  };
