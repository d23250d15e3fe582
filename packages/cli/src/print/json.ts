/** Results for programs: JSON that is valid whatever is in it, and that steers no terminal. */

/** One value, over several lines. */
export function toJson(value: unknown): string {
  return safe(JSON.stringify(value ?? null, null, 2));
}

/** One value in one line, for what comes bit by bit. */
export function toJsonLine(value: unknown): string {
  return safe(JSON.stringify(value ?? null));
}

/** JSON leaves C1 controls and what turns text as they are; escaped they mean the same. Its own line ends stay. */
function safe(json: string): string {
  return json.replace(/[^\n\P{C}]|\p{Zl}|\p{Zp}/gu, (char) =>
    Array.from({ length: char.length }, (_, at) => `\\u${hex(char.charCodeAt(at))}`).join(""),
  );
}

const hex = (code: number) => code.toString(16).padStart(4, "0");
