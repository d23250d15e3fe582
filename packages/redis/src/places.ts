/** Places in the order of a list: a time and a key. */
import type { Place } from "@answerback/core/backend";

/** A place as the sets have it: 16 digits and a key. */
export function place(text: string): Place {
  return { at: Number(text.slice(0, 16)), key: text.slice(16) };
}

/** The newest first; of one ms as Redis sorts them, by their bytes. */
export function byPlace(a: Place, b: Place): number {
  return b.at - a.at || Buffer.compare(Buffer.from(b.key), Buffer.from(a.key));
}
