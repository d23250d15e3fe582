/** The same work written by hand, as somebody does who knows what has to be done: compare, parse, look up, handle, answer. */
import { hash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { LRUCache } from "lru-cache";
import { credentials, type Format } from "./deliveries.ts";
import { maxKeys } from "./ours.ts";

/** What the provider is answered. */
export interface Answer {
  readonly received: string;
}

const { username, password } = credentials;
const expected = digest(`Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`);
const answers = new LRUCache<string, Answer>({ max: maxKeys });

/** Compares digests, which are of one length. */
export function isAuthorized(authorization: string | undefined): boolean {
  return timingSafeEqual(digest(authorization ?? ""), expected);
}

/** The body of a request. Rejects above 1 MiB. */
export function bytesOf(req: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    req.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length > 2 ** 20) reject(new Error("too large"));
    });
    req.on("end", () => resolve(Buffer.concat(chunks)));
    req.on("error", reject);
  });
}

/** What a body says, before anybody looked into it. */
export function parsed(format: Format, text: string): unknown {
  return format === "json" ? JSON.parse(text) : Object.fromEntries(new URLSearchParams(text));
}

/** The answer to a parsed body, of an event that is handled once. `undefined`: the body is not the provider's. */
export function answerTo(format: Format, body: unknown): Answer | undefined {
  const found = eventIn(format, body);
  if (!found) return undefined;
  return answers.get(found.key) ?? remember(found.key, handle(found.event));
}

/** The same with a handler that awaits. */
export async function answerToLater(format: Format, body: unknown): Promise<Answer | undefined> {
  const found = eventIn(format, body);
  if (!found) return undefined;
  return answers.get(found.key) ?? remember(found.key, await handleLater(found.event));
}

/** What everybody does with an event. */
export function handle({ id }: { readonly id: string }): Answer {
  return { received: id };
}

/** What everybody does with an event in the comparison of handlers that await. */
export async function handleLater(event: { readonly id: string }): Promise<Answer> {
  await Promise.resolve();
  return handle(event);
}

function eventIn(format: Format, body: any): { key: string; event: { id: string } } | undefined {
  const event = format === "json" ? body : JSON.parse(body.data);
  if (typeof event?.id !== "string") return undefined;
  return { key: format === "json" ? event.id : `${body.resource}:${body.type}:${event.id}`, event };
}

function remember(key: string, answer: Answer): Answer {
  answers.set(key, answer);
  return answer;
}

function digest(text: string): Buffer {
  return hash("sha256", text, "buffer");
}
