/** Values of any size, as a page can show them: texts and lists end where nobody reads on, and say how long they were. */

/** How many characters of a text are shown, how many items of a list or fields of an object, and how deep. */
const [mostCharacters, mostItems, mostDepth] = [2_000, 200, 20];

/** How many characters of a whole value. */
const mostInAll = 200_000;

/** The value, cut. What is no JSON is left out, as JSON does. */
export function cut(value: unknown): unknown {
  return cutWithin({ characters: mostInAll }, value, 0);
}

/** What is left is spent from the first field to the last. */
interface Left {
  characters: number;
}

function cutWithin(left: Left, value: unknown, depth: number): unknown {
  left.characters -= 1;
  if (typeof value === "string") return cutText(left, value);
  if (typeof value !== "object" || value === null) return value;
  if (depth === mostDepth) return "… (deeper than is shown)";
  return Array.isArray(value) ? cutList(left, value, depth + 1) : cutObject(left, value, depth + 1);
}

function cutList(left: Left, list: readonly unknown[], depth: number): unknown[] {
  const items: unknown[] = [];
  for (const item of list) {
    if (isFull(left, items)) return [...items, `… (${list.length} items)`];
    items.push(cutWithin(left, item, depth));
  }
  return items;
}

function cutObject(left: Left, object: object, depth: number): object {
  const all = Object.entries(object);
  const fields: [string, unknown][] = [];
  for (const [name, field] of all) {
    if (isFull(left, fields)) {
      fields.push(["…", `(${all.length} fields)`]);
      break;
    }
    fields.push([cutText(left, name), cutWithin(left, field, depth)]);
  }
  return Object.fromEntries(fields);
}

function isFull({ characters }: Left, shown: readonly unknown[]): boolean {
  return shown.length === mostItems || characters <= 0;
}

function cutText(left: Left, text: string): string {
  const shown = Math.max(0, Math.min(mostCharacters, left.characters));
  left.characters -= Math.min(text.length, shown);
  if (text.length <= shown) return text;
  // no character is cut in two
  const end = /[\ud800-\udbff]$/.test(text.slice(0, shown)) ? shown - 1 : shown;
  return `${text.slice(0, end)}… (${text.length} characters)`;
}
