/** A receiver that does right, as small as it can be; each of its rules can be got wrong. */
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Bench } from "@answerback/simulator";
import { postCallback } from "./right-callback.ts";

/** One event of a delivery. No key: nothing to deduplicate by. */
export interface Event {
  readonly key?: string | undefined;
  readonly data: unknown;
  readonly callbackUrl?: string | undefined;
}

/** The rules of one provider's receiver. */
export interface Rules {
  /** How long the provider may wait: ms. */
  readonly answerWithinMs: number;
  readonly bodyLimit: number;
  readonly types: readonly string[];
  readonly statuses: Readonly<Record<"handled" | "failed" | "busy" | "mediaType" | "tooLarge", number>>;
  /** Decided from the head alone; a number refuses. */
  admit(request: IncomingMessage): number | undefined;
  /** The events in a body; a number refuses. */
  readonly decode: (text: string, request: IncomingMessage) => readonly Event[] | number;
  /** What the key is made of, from the event and the bytes. */
  keyOf(event: Event, text: string): string | undefined;
  /** Runs the handler once for a key, whoever asks. */
  run(memory: Map<string, Promise<unknown>>, key: string | undefined, handle: () => Promise<unknown>): Run;
  /** Is the provider told before the work is done? */
  readonly acknowledgeFirst: boolean;
  /** Posts a callback. */
  post(url: string, callback: unknown, bench: Bench): Promise<void>;
  /** What of an answer is not fit to be sent. */
  unfit(callback: unknown): boolean;
  /** Does a repeated answer carry the callback again? */
  readonly repeatsCallback: boolean;
  /** Is an inline callback posted as well? */
  readonly postsAfterInline: boolean;
  /** The last word on every answer. */
  reply(reply: Reply): Reply;
}

/** What a run came to, or will. */
export interface Run {
  readonly first: boolean;
  readonly answer: Promise<unknown>;
}

/** What all four have in common. */
export const rules: Rules = {
  answerWithinMs: 50_000,
  bodyLimit: 1024 * 1024,
  types: ["application/json"],
  statuses: {
    handled: 200,
    failed: 500,
    busy: 503,
    mediaType: 415,
    tooLarge: 413,
  },
  admit: () => undefined,
  decode: () => 400,
  keyOf: ({ key }) => key,
  run(memory, key, handle) {
    const known = key === undefined ? undefined : memory.get(key);
    if (known) return { first: false, answer: known };
    const answer = handle();
    if (key !== undefined) {
      memory.set(key, answer);
      answer.catch(() => memory.delete(key));
    }
    return { first: true, answer };
  },
  acknowledgeFirst: false,
  post: postCallback,
  unfit(callback) {
    const notify = field(callback, "notify");
    const size = Buffer.byteLength(JSON.stringify(callback));
    return size >= 102_400 || (notify !== undefined && typeof notify !== "string");
  },
  repeatsCallback: false,
  postsAfterInline: false,
  reply: (reply) => reply,
};

/** The receiver, on `node:http`. */
export function receiver(rule: Rules, bench: Bench): Server {
  const memory = new Map<string, Promise<unknown>>();
  return createServer((request, response) => {
    void receive(request, { rule, bench, memory }).then(
      (reply) => reply && write(response, rule.reply(reply)),
      () => write(response, rule.reply({ status: rule.statuses.failed })),
    );
  });
}

/** An answer. */
export interface Reply {
  readonly status: number;
  readonly body?: unknown;
}

interface Room {
  readonly rule: Rules;
  readonly bench: Bench;
  readonly memory: Map<string, Promise<unknown>>;
}

async function receive(request: IncomingMessage, room: Room): Promise<Reply | undefined> {
  const { rule, bench, memory } = room;
  const refusal = rule.admit(request);
  if (refusal !== undefined) return { status: refusal };
  const type = (request.headers["content-type"] ?? "").split(";")[0]!.trim();
  if (!rule.types.includes(type)) return { status: rule.statuses.mediaType };
  const text = await read(request, rule.bodyLimit);
  if (text === undefined) return undefined;
  if (text === "too large") return { status: rule.statuses.tooLarge };
  const events = rule.decode(text, request);
  if (typeof events === "number") return { status: events };
  const runs = events.map((event) => ({
    event,
    ...rule.run(memory, rule.keyOf(event, text), async () => checked(await bench.handle(event.data), rule)),
  }));
  return settle(runs, room);
}

async function settle(runs: readonly (Run & { event: Event })[], { rule, bench }: Room): Promise<Reply> {
  const all = Promise.all(runs.map(({ answer }) => answer));
  all.catch(() => {});
  const callbackUrl = runs[0]?.event.callbackUrl;
  const end = rule.acknowledgeFirst ? "timed out" : await withTimeout(all, rule.answerWithinMs, bench);
  if (end === "failed") return { status: rule.statuses.failed };
  const fresh = runs[0]?.first || rule.repeatsCallback;
  if (end === "timed out") {
    if (callbackUrl && fresh)
      void all.then(([answer]) => rule.post(callbackUrl, callbackOf(answer), bench), ignore);
    return { status: rule.acknowledgeFirst || callbackUrl ? 200 : rule.statuses.busy };
  }
  const [answer = {}] = await all;
  const { callback, ...body } = Object.assign({ callback: undefined }, answer);
  if (callback === undefined || !callbackUrl || !fresh) return { status: rule.statuses.handled, body };
  if (rule.postsAfterInline) void rule.post(callbackUrl, callback, bench);
  return { status: rule.statuses.handled, body: { callback, ...body } };
}

function withTimeout(
  all: Promise<unknown>,
  ms: number,
  { clock }: Bench,
): Promise<"done" | "failed" | "timed out"> {
  return new Promise((resolve) => {
    clock.after(ms, () => resolve("timed out"));
    all.then(
      () => resolve("done"),
      () => resolve("failed"),
    );
  });
}

function checked(answer: unknown, rule: Rules): unknown {
  const callback = answer && callbackOf(answer);
  if (callback && rule.unfit(callback)) throw new Error("the callback is not fit to be sent");
  return answer;
}

async function read(request: IncomingMessage, limit: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes <= limit) chunks.push(chunk);
    }
  } catch {
    return undefined;
  }
  return bytes > limit ? "too large" : Buffer.concat(chunks).toString("utf8");
}

function write(response: ServerResponse, { status, body }: Reply): void {
  response.writeHead(status, { "content-type": "application/json" }).end(body && JSON.stringify(body));
}

const callbackOf = (answer: unknown) => field(answer, "callback");
const field = (value: unknown, name: string): unknown => new Map(Object.entries(value ?? {})).get(name);
const ignore = () => {};

/** A digest for keys. */
export const digest = (...parts: readonly unknown[]): string =>
  createHash("sha256").update(JSON.stringify(parts)).digest("hex");
