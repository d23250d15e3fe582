/** The events of a provider, each with its path, what it carries, and what it takes for an answer. */
import type { Provider } from "@answerback/core";
import { fromDoc, fromFile, linkTo } from "../links.ts";
import { code, table } from "../page.ts";
import { eventTypes, type EventType } from "../sources/events.ts";
import { subjects } from "../sources/protocols.ts";
import { inWords } from "./facts.ts";
import type { Listed, Made } from "./list.ts";

/** By which id people find its events. */
export function about(title: string): string {
  const mine = subjects.filter(({ provider }) => provider === title);
  if (mine.length === 0) throw new Error(`PROTOCOLS.md does not say what events of ${title} are about`);
  const rows = mine.map(({ events, id }) => `${events}: ${id}`);
  return `People find an event by the id of what it is about. ${fromFile(capital(rows.join("; ")), "PROTOCOLS.md")}.`;
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** The table of the events of what a provider was made with. */
export function eventsOf(made: Made, { made: all, folder }: Listed): string[] {
  const { provider, events, factory } = made;
  const types = events ? eventTypes(events.file, events.name) : new Map<string, EventType>();
  const specs = Object.entries<Provider["events"][string]>(provider.events);
  const head = all.length > 1 ? [`Those of ${code(`${factory}()`)}:`] : [];
  if (specs.length === 0)
    return [...head, 'The app says which there are, by the option `events`; all others go to `"*"`.'];
  const rows = specs.map(([type, spec]) => rowOf({ type, spec }, types.get(type), folder));
  const told = rows.toSorted((one, other) => said(other) - said(one));
  const shown = rows.length > 40 ? gathered(told) : rows;
  const columns = ["event", "path", "data", "answer", ""].map((title, index) => ({ title, index }));
  const filled = columns.filter(({ index }) => shown.some((row) => row[index] !== ""));
  const cells = shown.map((row) => filled.map(({ index }) => row[index]!));
  return [
    ...head,
    table(
      filled.map(({ title }) => title),
      cells,
    ),
    'Any other event, and one without a handler of its own, goes to the handler `"*"`.',
  ];
}

/** What there is something to say of stands first among many. */
const said = (row: readonly string[]) => (row[3] !== "" || row[4] !== "" ? 1 : 0);

/** The cells of an event: its type, path, data, answer and notes. */
function rowOf(
  { type, spec }: { readonly type: string; readonly spec: any },
  known: EventType | undefined,
  folder: string,
): string[] {
  const paths = [spec.path ?? []].flat().map(code).join(" ");
  const notes = [
    ...(known && known.doc.text !== "" ? [fromDoc(known.doc.text, folder)] : []),
    ...(spec.interactive ? ["Somebody waits for it: never deduplicated, never answered late."] : []),
    ...(spec.deletes ? ["Its object is gone."] : []),
    ...(spec.patience ? [`It is waited for ${inWords(spec.patience)}.`] : []),
    ...(spec.retries === false ? ["It is never sent again."] : []),
    ...(spec.callback ? ["It is answered at an address of its own."] : []),
    ...(spec.handle ? ["Answerback handles it by itself, unless the app does."] : []),
  ];
  return [
    code(type),
    paths,
    typeNames(known?.data, folder),
    typeNames(known?.answer, folder),
    notes.join(" "),
  ];
}

/** The names in a type, with links to those that are exported here. */
function typeNames(type: string | undefined, folder: string): string {
  if (!type || /[{]/.test(type) || type.length > 400) return "";
  const names = type.split(" | ").filter((name) => !/^(?:undefined|void|any)$/.test(name));
  return names
    .map((name) => {
      const to = /^\w+$/.test(name) ? linkTo(name, folder) : undefined;
      return to ? `[${code(name)}](${to})` : code(name);
    })
    .join(", ");
}

/** Many events in few rows: those of one family that differ in nothing but their names. */
function gathered(rows: readonly string[][]): string[][] {
  const families = Map.groupBy(rows, ([type, ...others]) => [familyOf(type!), ...others].join(" "));
  return [...families.values()].map((family) => {
    const [first] = family;
    return [family.map(([type]) => type!).join(", "), ...first!.slice(1)];
  });
}

/** `customer.subscription.created` is of the family `customer`. */
const familyOf = (type: string) => /^`([a-z]+)/i.exec(type)?.[1] ?? type;
