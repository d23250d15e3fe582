/**
 * The floor: all that a receiver on memory does to a delivery, as one function with no library but the schemas. Ours can be
 * no faster; how far it is above says what it pays for being any provider's, on any backend.
 */
import { hash, timingSafeEqual } from "node:crypto";
import { appInbox, postback, type Observation } from "@answerback/core";
import { handle, type Answer } from "./by-hand.ts";
import { credentials, type Format } from "./deliveries.ts";
import { answer as answerSchema, maxKeys } from "./ours.ts";

/** What the floor answers. */
export interface Said {
  readonly status: number;
  readonly text: string;
}

/** Answers a delivery: its `Authorization`, and how to read its body. */
export type Floor = (
  authorization: string | undefined,
  read: () => Promise<Uint8Array> | Uint8Array,
) => Promise<Said>;

interface Row {
  token: number;
  until: number;
  answer: string | undefined;
}

const patienceMs = 55_000;
const leaseMs = 60_000;
const retentionMs = 7 * 86_400_000;
const schemas = {
  json: appInbox().events.message.data!["~standard"],
  form: postback().events["contact.create"].data!["~standard"],
};

/** A floor with nothing remembered. */
export function createFloor(format: Format, observe: (observation: Partial<Observation>) => void): Floor {
  const rows = new Map<string, Row>();
  // one iterator for good: a new one would step over all that was deleted before the oldest
  const oldest = rows.keys();
  let tokens = 0;

  return async function floor(authorization, read) {
    const startedAt = Date.now();
    let isOver = false;
    const deadline = setTimeout(() => (isOver = true), patienceMs);
    try {
      if (!isAuthorized(authorization ?? "")) return refusal(401);
      const text = utf8.decode(await read());
      const [parts, event] = format === "json" ? eventOfJson(text) : eventOfForm(text);
      const checked = schemas[format].validate(event) as { value?: { id: string } };
      if (!checked.value) return refusal(400);

      const key = hash("sha256", JSON.stringify(["event", null, ...parts]), "base64url");
      const found = rows.get(key);
      if (found && found.until > startedAt)
        return found.answer === undefined ? refusal(503) : { status: 200, text: found.answer };
      const token = (tokens += 1);
      rows.set(key, { token, until: startedAt + leaseMs, answer: undefined });

      const answered = answerSchema["~standard"].validate(handle(checked.value)) as { value: Answer };
      const answer = JSON.stringify(answered.value);
      observe({ kind: "run", receiver: "floor", key, outcome: "handled", attempt: 1, tookMs: 0 });
      if (isOver || rows.get(key)?.token !== token) return refusal(503);
      rows.delete(key);
      rows.set(key, { token, until: startedAt + retentionMs, answer });
      if (rows.size > maxKeys) rows.delete(oldest.next().value!);

      const tookMs = Date.now() - startedAt;
      observe({
        kind: "delivery",
        receiver: "floor",
        key,
        outcome: "handled",
        status: 200,
        events: 1,
        tookMs,
      });
      return { status: 200, text: answer };
    } catch {
      return refusal(400);
    } finally {
      clearTimeout(deadline);
    }
  };
}

const utf8 = new TextDecoder("utf-8", { fatal: true });
const expected = Buffer.from(
  `Basic ${Buffer.from(`${credentials.username}:${credentials.password}`).toString("base64")}`,
);
const given = Buffer.alloc(expected.length);

/** Padded and compared in constant time. */
function isAuthorized(authorization: string): boolean {
  given.fill(0).write(authorization, "latin1");
  return timingSafeEqual(given, expected) && authorization.length === expected.length;
}

type Found = [parts: unknown[], event: any];

function eventOfJson(text: string): Found {
  const event = guarded(JSON.parse(text));
  return [[event.id], event];
}

function eventOfForm(text: string): Found {
  const { resource, type, data = "" } = fieldsOf(text);
  const event = guarded(JSON.parse(data));
  return [[resource, type, event.id, "data", data], event];
}

/** Free of prototypes, no deeper than 64, and frozen. */
function guarded(value: any, depth: number = 0): any {
  if (typeof value === "number" && !Number.isFinite(value)) throw new TypeError("an infinite number");
  if (typeof value !== "object" || value === null) return value;
  if (depth === 64) throw new TypeError("too deep");
  for (const name in value) {
    if (name === "__proto__" || (name === "constructor" && Object.hasOwn(Object(value[name]), "prototype")))
      throw new TypeError("a prototype");
    guarded(value[name], depth + 1);
  }
  return Object.freeze(value);
}

/** Flat, no field twice, at most 100 of them, bad percent bytes refused. */
function fieldsOf(text: string): Record<string, string | undefined> {
  const fields: Record<string, string> = Object.create(null);
  const all = text.split("&", 101);
  if (all.length > 100) throw new TypeError("too many fields");
  for (const field of all) {
    const at = field.indexOf("=");
    const name = unescaped(at === -1 ? field : field.slice(0, at));
    if (name in fields || name === "__proto__") throw new TypeError("a field twice, or a prototype");
    fields[name] = at === -1 ? "" : unescaped(field.slice(at + 1));
  }
  return fields;
}

function unescaped(text: string): string {
  const spaced = text.replaceAll("+", " ");
  return spaced.includes("%") ? decodeURIComponent(spaced) : spaced;
}

function refusal(status: number): Said {
  return { status, text: '{"code":"refused"}' };
}
