/** A receiver that does right for senders of the kit, as small as it can be; each of its rules can be got wrong. */
import { createServer } from "node:http";
import type { IncomingHttpHeaders, Server, ServerResponse } from "node:http";
import type { Bench } from "@answerback/simulator";

/** A request, read. */
export interface Request {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An answer to a delivery. */
export interface Reply {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** How an answer is posted. */
export interface Posting {
  readonly url: string;
  readonly method: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The rules of one sender's receiver. */
export interface Rules {
  /** Does the provider send this? `now` is the provider's clock. */
  admits(request: Request, now: number): boolean;
  /** The answer to what is no event. */
  handshake(request: Request): Reply | undefined;
  /** The id by which the provider knows the event. */
  idOf(request: Request): string;
  /** How long the provider may wait for the handler: ms. */
  readonly answerWithinMs: number;
  /** Is an event that comes again the same one? */
  readonly remembers: boolean;
  /** The answer that carries what the handler answered. Default: an acknowledgement, and the answer is posted. */
  inline?(answer: unknown): Reply;
  /** The answer without what the handler answers. */
  acknowledge(request: Request): Reply;
  /** The answer when the handler failed in time. */
  readonly failed: Reply;
  /** The answer when the handler is too slow and nothing can be posted. Default: the acknowledgement. */
  readonly busy?: Reply;
  /** Where the answer goes when it is late; `undefined`: nowhere. */
  posting(request: Request): Posting | undefined;
  /** Is the answer posted before the delivery is acknowledged? */
  readonly postsFirst: boolean;
  /** Is an answer that went inline posted, too? */
  readonly postsAlways: boolean;
  /** Is it posted again after this status, the `post`th time, `sinceMs` after the delivery came? 599: no answer. */
  again(status: number, post: number, sinceMs: number): boolean;
}

/** What most have in common. */
export const rules: Rules = {
  admits: () => true,
  handshake: () => undefined,
  idOf: ({ body }) => JSON.parse(body).id,
  answerWithinMs: 2_000,
  remembers: true,
  acknowledge: () => ({ status: 200 }),
  failed: { status: 500 },
  posting: () => undefined,
  postsFirst: false,
  postsAlways: false,
  again: (status, post, sinceMs) => status >= 500 && post < 5 && sinceMs < 600_000,
};

/** The receiver, on `node:http`. */
export function receiver(rule: Rules, bench: Bench): Server {
  const memory = new Map<string, Promise<unknown>>();
  return createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("error", () => {});
    incoming.on("end", () => {
      const { method = "", headers } = incoming;
      const url = new URL(incoming.url!, "http://127.0.0.1");
      const request = { method, url, headers, body: Buffer.concat(chunks).toString() };
      void receive(request, response, { rule, bench, memory });
    });
  });
}

interface Room {
  readonly rule: Rules;
  readonly bench: Bench;
  readonly memory: Map<string, Promise<unknown>>;
}

async function receive(
  request: Request,
  response: ServerResponse,
  { rule, bench, memory }: Room,
): Promise<void> {
  const { clock } = bench;
  const began = clock.now();
  if (!rule.admits(request, began)) return write(response, { status: 401 });
  const shaken = rule.handshake(request);
  if (shaken) return write(response, shaken);
  const id = rule.idOf(request);
  const known = rule.remembers ? memory.get(id) : undefined;
  const run = known ?? bench.handle(id);
  memory.set(id, run);
  run.catch(() => memory.delete(id));
  const end = await withTimeout(run, rule.answerWithinMs, bench);
  if (end === "failed") return write(response, rule.failed);
  const posting = rule.posting(request);
  const post = async () =>
    posting && !known && (await run) !== undefined && postAll(posting, await run, { rule, bench, began });
  if (rule.postsFirst) await post();
  const answer = end === "done" ? await run : undefined;
  if (end === "done" && rule.inline && answer !== undefined) {
    write(response, rule.inline(answer));
    if (rule.postsAlways) void post();
    return;
  }
  write(
    response,
    end === "done" || posting ? rule.acknowledge(request) : (rule.busy ?? rule.acknowledge(request)),
  );
  if (!rule.postsFirst) void post()?.catch(() => {});
}

/** A handler that ends in the same turn is in time. */
function withTimeout(
  run: Promise<unknown>,
  ms: number,
  { clock }: Bench,
): Promise<"done" | "failed" | "late"> {
  return new Promise((resolve) => {
    clock.after(ms, () => resolve("late"));
    run.then(
      () => resolve("done"),
      () => resolve("failed"),
    );
  });
}

interface Sending {
  readonly rule: Rules;
  readonly bench: Bench;
  readonly began: number;
}

async function postAll(
  { url, method, headers }: Posting,
  answer: unknown,
  { rule, bench, began }: Sending,
): Promise<void> {
  const { transport, clock } = bench;
  const init = {
    method,
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(answer),
  };
  for (let post = 1; ; post++) {
    const status = await transport(url, init).then(
      (response) => response.status,
      () => 599,
    );
    if (!rule.again(status, post, clock.now() - began)) return;
    await new Promise<void>((resolve) => void clock.after(30_000, resolve));
  }
}

function write(response: ServerResponse, { status, body, headers = {} }: Reply): void {
  response.writeHead(status, headers).end(body);
}
