/** Looking into JSON that somebody else wrote. */

/** A JSON object, its fields unknown. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Is it an object, and no array? */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value of a JSON text; `undefined`: the text is no JSON. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The object in a JSON text; `undefined`: there is none. */
export function parsedObject(text: string): JsonObject | undefined {
  const value = parsed(text);
  return isObject(value) ? value : undefined;
}

/** The id of what an event is about, as text: of an entity, of the entity in `object`, or a bare id; `""`: none. */
export function idOf(value: unknown): string {
  if (typeof value === "string" || typeof value === "number") return String(value);
  if (!isObject(value)) return "";
  return isObject(value["object"]) ? idOf(value["object"]) : idOf(value["id"]);
}
