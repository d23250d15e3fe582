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

/** The body of a request as text. Rejects above 1 MiB. */
export function textOf(req: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    req.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length > 2 ** 20) reject(new Error("too large"));
    });
    req.on("end", () => resolve(Buffer.concat(chunks).toString()));
    req.on("error", reject);
  });
}

/** What a body says, before anybody looked into it. */
export function parsed(format: Format, text: string): unknown {
  return format === "json" ? JSON.parse(text) : Object.fromEntries(new URLSearchParams(text));
}

/** The answer to a parsed body, of an event that is handled once. `undefined`: it is not the provider's. */
export function answerTo(format: Format, body: any): Answer | undefined {
  const event = format === "json" ? body : JSON.parse(body.data);
  if (typeof event?.id !== "string") return undefined;
  const key = format === "json" ? event.id : `${body.resource}:${body.type}:${event.id}`;
  let answer = answers.get(key);
  if (!answer) {
    answer = handle(event);
    answers.set(key, answer);
  }
  return answer;
}

function handle({ id }: { id: string }): Answer {
  return { received: id };
}

function digest(text: string): Buffer {
  return hash("sha256", text, "buffer");
}
