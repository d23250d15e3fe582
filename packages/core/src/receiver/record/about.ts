/** What people find a record by, as the backend keeps it: JSON texts that are not too long for an index. */
import type { About } from "../../contract/backend.ts";
import { hash } from "node:crypto";
import type { StoredEvent } from "./stored.ts";

/** What people find the record of an event by. */
export function toAbout({ type, id }: Pick<StoredEvent, "type" | "id">): About {
  return { name: toText(type), id: id === undefined ? null : toText(id) };
}

/** What people find a record by that is of no event. */
export const aboutNothing: About = { name: null, id: null };

/** The longest text: characters. */
const longest = 1000;

/** A name or an id as the backend keeps it. Of one that is too long its beginning, and a digest that tells it apart. */
export function toText(name: string): string {
  // most are short, and an escape takes six characters at most
  const text = name.length < longest ? JSON.stringify(name) : "";
  if (text !== "" && text.length <= longest) return text;
  return JSON.stringify(`${name.slice(0, 100)}…${hash("sha256", JSON.stringify(name), "base64url")}`);
}

/** The name or id that the backend has kept; `undefined` for none, and for a text that no version of this package has written. */
export function fromText(text: string | null): string | undefined {
  try {
    const name: unknown = JSON.parse(text ?? "null");
    return typeof name === "string" ? name : undefined;
  } catch {
    return undefined;
  }
}
