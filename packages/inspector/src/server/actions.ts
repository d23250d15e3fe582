/** What the page may do: retry, discard, pause, resume. Work on many answers line by line, and ends with its connection. */
import { Readable } from "node:stream";
import type { BulkOptions, BulkProgress, Receiver, RecordFilter } from "@answerback/core";
import { NoOrder, NotFound, said } from "./failures.ts";
import { filterOf, receiverOf } from "./looks.ts";
import { json, type Asked, type Inside, type Reply } from "./plain.ts";

/** The largest order that the page gives: bytes; and how long it may take to come: ms. */
const limits = { limit: 65_536, withinMs: 10_000 };

/** An order: what it names, as texts. */
type Order = Record<string, string>;

/** What is done to one record, or to the work. */
const once: Readonly<Record<string, (receiver: Receiver, order: Order) => Promise<void>>> = {
  retry: ({ records }, { key = "" }) => records.retry(key),
  discard: ({ records }, { key = "" }) => records.discard(key),
  pause: ({ records }, { name }) => records.pause(name || undefined),
  resume: ({ records }, { name }) => records.resume(name || undefined),
};

/** What is done to all that died of one error. */
const toMany: Readonly<
  Record<string, (receiver: Receiver, filter: RecordFilter, options: BulkOptions) => Promise<BulkProgress>>
> = {
  "retry-all": ({ records }, filter, options) => records.retryAll(filter, options),
  "discard-all": ({ records }, filter, options) => records.discardAll(filter, options),
};

/** Does what the path says. Rejects with what the receiver rejects with. */
export async function act(inside: Inside, asked: Asked): Promise<Reply> {
  const what = asked.path.slice("/api/do/".length);
  const [one, many] = [own(once, what), own(toMany, what)];
  if (!one && !many) throw new NotFound("the page does nothing of this name");
  const order = await orderOf(asked);
  const receiver = receiverOf(inside.settings, order["receiver"]);
  if (many) {
    // without an error it would be all of them, which nobody asked for
    if (!order["error"]) throw new NoOrder("the order names no error");
    return inLines(inside, receiver.name, (options) => many(receiver, filterOf(order), options));
  }
  await one!(receiver, order);
  inside.watch.recount(receiver.name);
  return json(200, { done: true });
}

function own<Value>(table: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** Progress as lines of JSON, the last of which says how it ended. When the connection ends, so does the work: between two records. */
function inLines(
  { watch, settings }: Inside,
  receiver: string,
  work: (options: BulkOptions) => Promise<BulkProgress>,
): Reply {
  const stop = new AbortController();
  const lines = new Readable({
    read() {},
    destroy(error, done) {
      stop.abort();
      done(error);
    },
  });
  const say = (line: object) => {
    if (!lines.destroyed) lines.push(`${JSON.stringify(line)}\n`);
  };
  const ended = (how: object) => {
    watch.recount(receiver);
    say(how);
    if (!lines.destroyed) lines.push(null);
  };
  work({ onProgress: say, signal: stop.signal }).then(
    (progress) => ended({ ...progress, isOver: true }),
    (error: unknown) => ended({ failed: said(error, settings).message }),
  );
  return { status: 200, headers: { "content-type": "application/jsonl; charset=utf-8" }, body: lines };
}

async function orderOf({ body }: Asked): Promise<Order> {
  const read = await body(limits);
  if (read.kind !== "bytes" && read.kind !== "parsed")
    throw new NoOrder(`the order cannot be read: ${read.kind}`);
  const order = Object(read.kind === "parsed" ? read.value : parse(Buffer.from(read.bytes).toString()));
  const texts = Object.entries(order as object).filter(
    (field): field is [string, string] => typeof field[1] === "string",
  );
  return Object.fromEntries(texts);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new NoOrder("the order is no JSON");
  }
}
