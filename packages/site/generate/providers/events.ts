/** The events of a provider, each with its path, what it carries, and what it takes for an answer. */
import type { EventSpec } from "@answerback/core";
import { fromDoc, fromFile, linkTo } from "../links.ts";
import { code, list, table } from "../page.ts";
import { noDoc } from "../sources/doc.ts";
import { eventTypes, type EventType } from "../sources/events.ts";
import { subjects } from "../sources/protocols.ts";
import { inWords } from "./facts.ts";
import type { Endpoint, Listed } from "./list.ts";

/** By which id people find its events. */
export function about(title: string): string {
  const mine = subjects.filter(({ provider }) => provider === title);
  if (mine.length === 0) throw new Error(`PROTOCOLS.md does not say what events of ${title} are about`);
  const ids = mine.map(({ events, id }) => (events === "all" ? id : `${events}: ${id}`));
  const said = ids.length === 1 ? ` ${ids[0]}.` : `\n\n${list(ids)}`;
  return `People find an event by the id of what it is about:${fromFile(said, "PROTOCOLS.md")}`;
}

/** The events of an endpoint: a table, and of many those of which there is no more to say in lines. */
export function eventsOf(endpoint: Endpoint, { endpoints, folder, title }: Listed): string[] {
  const { provider, factory } = endpoint;
  const types = eventsKnown(endpoint);
  const specs = Object.entries<EventSpec>(provider.events);
  const head = endpoints.length > 1 ? [`Those of ${code(`${factory}()`)}:`] : [];
  if (specs.length === 0)
    return [...head, 'The app says which there are, by the option `events`; all others go to `"*"`.'];
  const rows = specs.map(([type, spec]) => ({ type, ...rowOf(spec, types.get(type), folder) }));
  const isMany = rows.length > 40;
  const silent = isMany ? rows.filter(({ notes, answer }) => notes === "" && answer === "") : [];
  const shown = rows.filter((row) => !silent.includes(row));
  return [
    ...head,
    table(["event", ""], grouped(shown)),
    silent.length > 0
      ? `And ${silent.length} more, each with the payload that the reference of ${title} shows:`
      : "",
    list(families(silent.map(({ type }) => type))),
    'Any other event, and one without a handler of its own, goes to the handler `"*"`.',
  ];
}

/** What is known of the types of events. */
export function eventsKnown({ events, known = {} }: Endpoint): ReadonlyMap<string, EventType> {
  if (events) return eventTypes(events.file, events.name);
  return new Map(Object.entries(known).map(([type, names]) => [type, { ...names, doc: noDoc }]));
}

/** A row for each thing that is said, with all events of which it is said; an event with a path has a line of its own. */
function grouped(rows: readonly (EventRow & { readonly type: string })[]): string[][] {
  const bySaid = Map.groupBy(rows, ({ type: _type, path: _path, ...rest }) => sentences(rest));
  return Array.from(bySaid, ([said, alike]) => {
    const hasPaths = alike.some(({ path }) => path !== "");
    const names = alike.map(({ type, path }) => [code(type), path].filter(Boolean).join(hasPaths ? " " : ""));
    return [names.join(hasPaths ? "<br>" : ", "), said];
  });
}

/** What is to be said of an event, each part as Markdown. */
interface EventRow {
  readonly path: string;
  readonly data: string;
  readonly answer: string;
  readonly notes: string;
}

function rowOf(spec: EventSpec, known: EventType | undefined, folder: string): EventRow {
  const { doc = noDoc, data = "", answer = "" } = known ?? {};
  const notes = [
    ...(doc.text === "" ? [] : [fromDoc(doc.text, folder)]),
    ...(spec.interactive ? ["Somebody waits for it: never deduplicated, never answered late."] : []),
    ...(spec.deletes ? ["Its object is gone."] : []),
    ...(spec.answerWithin ? [`It is answered within ${inWords(spec.answerWithin)}.`] : []),
    ...(spec.retries === false ? ["It is never sent again."] : []),
    ...(spec.callback ? ["It is answered at an address of its own."] : []),
    ...(spec.handle ? ["Answerback handles it by itself, unless the app does."] : []),
  ];
  return {
    path: [spec.path ?? []].flat().map(code).join(" "),
    data: typeNames(data, folder),
    answer: typeNames(answer, folder),
    notes: notes.join(" "),
  };
}

function sentences({ notes, data, answer }: Omit<EventRow, "path">): string {
  const carries = data === "" ? "" : `Carries ${data}.`;
  const answered = answer === "" ? "" : `Answered with ${answer}.`;
  return [notes, carries, answered].filter(Boolean).join(" ");
}

/** Names by the word that they begin with, a line each: `customer.subscription.created` is with `customer.created`. */
function families(types: readonly string[]): string[] {
  const byWord = Map.groupBy(types, (type) => /^[a-z]+/i.exec(type)?.[0]);
  return [...byWord.values()].map((family) => family.map(code).join(", "));
}

/** The names in a type, with links to those that are exported here. */
function typeNames(type: string, folder: string): string {
  if (type === "" || /[{]/.test(type) || type.length > 400) return "";
  const names = type.split(" | ").filter((name) => !/^(?:undefined|void|any)$/.test(name));
  return names
    .map((name) => {
      const to = /^\w+$/.test(name) ? linkTo(name, folder) : undefined;
      return to ? `[${code(name)}](${to})` : code(name);
    })
    .join(", ");
}
