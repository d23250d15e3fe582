/** The page of a provider. */
import { createReceiver, type Provider } from "@answerback/core";
import { defaultStatuses, type Statuses } from "@answerback/core/provider";
import { clauseLink, fromDoc, fromFile, linkTo } from "../links.ts";
import { block, code, page, table, type Page } from "../page.ts";
import { entries, nameOf, type Declared } from "../sources/declared.ts";
import { tagsOf } from "../sources/doc.ts";
import { eventTypes, type EventType } from "../sources/events.ts";
import { sections, subjects, type Clause } from "../sources/protocols.ts";
import { examplesIn, sectionOf, type Example } from "../sources/readme.ts";
import { textOf } from "../sources/repository.ts";
import { membersTable } from "../types.ts";
import { factsOf, inWords, keysOf } from "./facts.ts";
import type { Listed, Made } from "./list.ts";
import { sample } from "./samples.ts";

/** Makes the page of a provider. */
export async function providerPage(listed: Listed): Promise<Page> {
  const { name, title, readme, made, from, samples } = listed;
  const told = sectionOf(readme, title);
  const clauses = clausesOf(title);
  const mount = mountOf(listed);
  const shown = shownTypes(listed);
  return page(`providers/${name}.md`, title, [
    fromDoc(doorOf(listed), folderOf(from)),
    ...made.map((one) => facts(one, listed)),
    officialPages(listed),

    "## Mount it",
    block(
      "sh",
      `npm install ${[...new Set(["@answerback/core", packageOf(from), "@answerback/express"])].join(" ")} express`,
    ),
    ...exampleOf(listed).map(({ code: text }) => block("ts", text)),
    ...mounts(listed, mount),
    ...told.words.map((text) => fromFile(text, readme)),

    "## Events",
    about(title),
    ...made.flatMap((one) => eventsOf(one, listed)),

    samples.length > 0 ? "## What it sends" : "",
    samples.length > 0
      ? "As the [simulator](/reference/api/simulator.md) plays it, laid out for reading."
      : "",
    ...samples.map((one) => sample(one, mount)),

    shown.length > 0 ? "## Fields" : "",
    ...shown.map((declared) => typeOf(declared, folderOf(from))),

    "## What it gets",
    "The status is its own for what happened; a refusal's body is the [code](/reference/messages.md) as JSON.",
    statuses(made),

    "## Options",
    ...made.map(({ factory, options }) => optionsOf({ factory, options }, from)),

    "## Register it",
    ...(await Promise.all(made.map((one) => registration(one, mount)))),

    "## Promised, and left open",
    `Its page promises: ${fromFile(told.promised, readme)}`,
    `It leaves open: ${fromFile(told.open, readme)}`,
    ...told.not.map((text) => fromFile(text, readme)),

    "## The contract, clause by clause",
    "Each clause has [tests that show it](/guarantees.md). _doc_: its page says so. _seen_: integrations rely on it. _ours_: it is silent, and this is how we read it.",
    table(
      ["", "", ""],
      clauses.map(({ id, text, from: source }) => [clauseLink(id), fromFile(text, "PROTOCOLS.md"), source]),
    ),
  ]);
}

/** The clauses of a provider. */
export function clausesOf(title: string): readonly Clause[] {
  const section = sections.find((one) => one.title === title);
  if (!section) throw new Error(`PROTOCOLS.md has no section ${title}`);
  return section.clauses;
}

/** The first words of the provider's own file, behind its name. */
export function doorOf({ file }: Listed): string {
  const said = /^\/\*\*\s*([^]*?)\s*\*\//.exec(textOf(file))?.[1] ?? "";
  const behind = said.replaceAll(/\s*\n \* ?/g, " ").replace(/^[^:]*: /, "");
  return behind.charAt(0).toUpperCase() + behind.slice(1);
}

function facts(made: Made, listed: Listed): string {
  const head = listed.made.length > 1 ? code(`${made.factory}()`) : "";
  const keys = keysOf(clausesOf(listed.title), listed).map((key) => fromFile(key, "PROTOCOLS.md"));
  const [authentication, ...others] = factsOf(made);
  return table([head, ""], [authentication!, ["The key of an event", keys.join("; or ")], ...others]);
}

function officialPages({ made, from }: Listed): string {
  const sees = made.flatMap(({ factory }) => tagsOf(nameOf(factory, from).doc, "see"));
  const pages = sees.map((see) => fromDoc(see, folderOf(from))).filter((see) => see.includes("](http"));
  return pages.length === 0 ? "" : `Its own pages: ${[...new Set(pages)].join(", ")}.`;
}

/** The example of its section, else the first one of the README that imports it. */
function exampleOf({ readme, title, from }: Listed): Example[] {
  const { examples } = sectionOf(readme, title);
  if (examples.length > 0) return [...examples];
  const found = examplesIn(textOf(readme)).find(({ code: text }) => text.includes(`"${from}"`));
  if (!found) throw new Error(`${readme} has no example of ${title}`);
  return [found];
}

/** Where the example is mounted: as its `publicUrl` says, where it has one. */
function mountOf(listed: Listed): string {
  const [example] = exampleOf(listed);
  return /publicUrl: "https:\/\/[^/"]+([^"]*)"/.exec(example!.code)?.[1] ?? `/hooks/${listed.name}`;
}

function mounts(listed: Listed, mount: string): string[] {
  const [{ file, code: text } = { file: "", code: "" }] = exampleOf(listed);
  const receivers = Array.from(
    text.matchAll(/^export const (\w+) = createReceiver\(/gm),
    ([, name]) => name!,
  );
  const at = (receiver: string) => (receivers.length === 1 ? mount : `${mount}/${kebab(receiver)}`);
  const imports = `import { ${receivers.join(", ")} } from "./${file}";`;
  const express = receivers.map((one) => `  .use("${at(one)}", createExpressMiddleware(${one}))`);
  const koa = receivers.map((one) => `  .use(createKoaMiddleware(${one}, { path: "${at(one)}" }))`);
  const ofApp = (lines: readonly string[], head: string) =>
    `export const app = ${head}${lines.length === 1 ? lines[0]!.trim() : `\n${lines.join("\n")}`};`;
  return [
    block(
      "ts",
      `// app.ts\nimport { createExpressMiddleware } from "@answerback/express";\nimport express from "express";\n${imports}\n\n${ofApp(express, "express()")}`,
    ),
    "Or with Koa:",
    block(
      "ts",
      `// koa-app.ts\nimport { createKoaMiddleware } from "@answerback/koa";\nimport Koa from "koa";\n${imports}\n\n${ofApp(koa, "new Koa()")}`,
    ),
  ];
}

const kebab = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** By which id people find its events. */
function about(title: string): string {
  const mine = subjects.filter(({ provider }) => provider === title);
  if (mine.length === 0) throw new Error(`PROTOCOLS.md does not say what events of ${title} are about`);
  const rows = mine.map(({ events, id }) => `${events}: ${id}`);
  return `People find an event by the id of what it is about. ${fromFile(capital(rows.join("; ")), "PROTOCOLS.md")}.`;
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

function eventsOf(made: Made, { made: all, from }: Listed): string[] {
  const { provider, events, factory } = made;
  const types = events ? eventTypes(events.file, events.name) : new Map<string, EventType>();
  const specs = Object.entries<Provider["events"][string]>(provider.events);
  const head = all.length > 1 ? [`Those of ${code(`${factory}()`)}:`] : [];
  if (specs.length === 0)
    return [...head, 'The app says which there are, by the option `events`; all others go to `"*"`.'];
  const rows = specs.map(([type, spec]) => rowOf({ type, spec }, types.get(type), folderOf(from)));
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

/** The types that a page shows: what events carry, what handlers return, and what those are made of. */
function shownTypes({ made, from, file }: Listed): Declared[] {
  const names = entries.find(({ name }) => name === from)!.names;
  const home = file.replace(/\.ts$/, "");
  const mine = new Map(names.filter((one) => one.file.startsWith(home)).map((one) => [one.name, one]));
  const found = new Set<string>();
  const look = (text: string): void => {
    for (const [name] of text.matchAll(/\b[A-Z]\w+\b/g)) {
      const declared = mine.get(name);
      if (!declared || found.has(name) || declared.kind !== "type") continue;
      found.add(name);
      look([declared.signature, ...declared.members.map(({ type }) => type)].join(" "));
    }
  };
  for (const { events, beside } of made) {
    if (events)
      for (const { data, answer } of eventTypes(events.file, events.name).values())
        look(`${short(data)} ${short(answer)}`);
    if (beside) look(beside);
  }
  for (const name of fixed.get(from) ?? []) look(name);
  return [...found].map((name) => mine.get(name)!);
}

const short = (type: string) => (type.length > 400 ? "" : type);

/** The types of Stripe's events are the app's to say, so that no event names these. */
const fixed = new Map([
  ["@answerback/providers/stripe", ["StripeData", "IssuingDecision"]],
  ["@answerback/providers/github", ["GithubReview", "GithubReport"]],
]);

function typeOf({ name, doc, signature, members }: Declared, folder: string): string {
  const shape = members.length > 0 ? membersTable(members, folder) : block("ts", signature);
  return [`### ${name}`, fromDoc(doc.text, folder), shape].filter(Boolean).join("\n\n");
}

/** The table of answers, with what differs from the usual in bold. */
function statuses(made: readonly Made[]): string {
  const tables = made.map(({ provider }) => statusesOf(provider.statuses));
  const rows = nameOf("Statuses").members.map(({ name, doc }) => {
    const row = name as keyof Statuses;
    const meaning = doc.text.replaceAll("\n", " ").replace(/ Default[^.]*\.$/, "");
    const shown = tables.map((one) =>
      one[row] === defaultStatuses[row] ? `${one[row]}` : `**${one[row]}**`,
    );
    return [fromDoc(meaning, "core"), ...shown];
  });
  const heads = made.length === 1 ? ["status"] : made.map(({ factory }) => code(`${factory}()`));
  return table(["what happened", ...heads], rows);
}

/** The table of a provider, with the usual status for what it does not state. */
function statusesOf(stated: Partial<Statuses> = {}): Statuses {
  return { ...defaultStatuses, accepted: stated.handled ?? defaultStatuses.accepted, ...stated };
}

function optionsOf({ factory, options }: Pick<Made, "factory" | "options">, from: string): string {
  const { members } = nameOf(options, from);
  const folder = folderOf(from);
  return [`Of [${code(`${factory}()`)}](${linkTo(factory, folder)}):`, membersTable(members, folder)].join(
    "\n\n",
  );
}

async function registration(
  { provider, receiver, registering, factory }: Made,
  mount: string,
): Promise<string> {
  if (!registering)
    return "It has no registration that a program could send: paste the address into the sender's own page, and its secret into yours.";
  const handled = Object.keys(provider.events).slice(0, 3);
  const made = createReceiver(provider, {
    ...{ authenticate: undefined, ...receiver, background: false, warn: () => {} },
    handle: Object.fromEntries(handled.map((type) => [type, () => undefined])),
  } as Parameters<typeof createReceiver>[1]);
  const given = { url: `https://app.example${mount}`, ...registering };
  const result = (made.registration as (options: object) => unknown)(given);
  await made.close();
  const call = `receiver.registration(${JSON.stringify(given)
    .replaceAll(/"(\w+)":/g, " $1: ")
    .replace(/}$/, " }")
    .replaceAll(",", ", ")
    .replaceAll(/ {2,}/g, " ")})`;
  return [
    `With handlers for ${handled.map(code).join(", ")}, ${code(call)} of a receiver of ${code(`${factory}()`)} is what to send or paste:`,
    block("json", JSON.stringify(result, undefined, 2)),
  ].join("\n\n");
}

const packageOf = (from: string) => from.split("/").slice(0, 2).join("/");
const folderOf = (from: string) => entries.find(({ name }) => name === from)!.folder;
