/** The page of a provider. */
import type { EventSpec, Provider } from "@answerback/core";
import { defaultStatuses, type Statuses } from "@answerback/core/provider";
import { clauseWithTests } from "../clause.ts";
import { clauseLink, fromDoc, fromFile, linkTo } from "../links.ts";
import { block, code, page, table, type Page } from "../page.ts";
import { nameOf } from "../sources/declared.ts";
import { tagsOf } from "../sources/doc.ts";
import { sections, type Clause } from "../sources/protocols.ts";
import { partsOf } from "../sources/readme.ts";
import { textOf } from "../sources/repository.ts";
import { membersTable } from "../types.ts";
import { about, eventsOf } from "./events.ts";
import { factsOf, keysOf } from "./facts.ts";
import { fieldsOf } from "./fields.ts";
import type { Endpoint, Listed } from "./list.ts";
import { apps, exampleOf, install, mountsOf } from "./mount.ts";
import { registration } from "./registration.ts";
import { sample } from "./samples.ts";

/** Makes the page of a provider. */
export async function providerPage(listed: Listed): Promise<Page> {
  const { name, title, folder, readme, endpoints } = listed;
  const { words, reads, promised, open, not } = partsOf(readme, title);
  const mounts = mountsOf(listed);
  const [express, koa] = apps(listed);
  const fields = fieldsOf(listed);
  return page(`providers/${name}.md`, title, [
    fromDoc(doorOf(listed), folder),
    ...endpoints.map((one, index) => facts(one, listed, index)),
    officialPages(listed),

    "## Mount it",
    block("sh", install(listed)),
    ...exampleOf(listed).map((example) => block("ts", example.code)),
    block("ts", express.code),
    "Or with Koa:",
    block("ts", koa.code),
    ...words.map((text) => fromFile(text, readme)),

    "## Events",
    about(title),
    ...endpoints.flatMap((one) => eventsOf(one, listed)),

    "## What it sends",
    "As the [simulator](/reference/api/simulator.md) plays it, laid out for reading.",
    ...endpoints.flatMap(({ samples }, index) =>
      Object.entries(samples).map(([what, one]) => sample(what, one, mounts[index]!)),
    ),

    "## Fields",
    ...fields,

    "## What it gets",
    "What the receiver answers, by what happened; a status in bold is not the usual one. The body of a refusal is its [code](/reference/messages.md) as JSON.",
    statuses(endpoints),
    endpoints.some(({ provider }) => sendsOnce(provider)) ? runAgain : "",
    `How it reads the answer: ${fromFile(reads, readme)}`,

    "## Options",
    ...endpoints.map((one) => optionsOf(one, listed)),

    "## Register it",
    ...(await Promise.all(endpoints.map((one, index) => registration(one, listed, mounts[index]!)))),

    "## Promised, and left open",
    `Its page promises: ${fromFile(promised, readme)}`,
    `It leaves open: ${fromFile(open, readme)}`,
    ...not.map((text) => fromFile(text, readme)),

    "## The contract, clause by clause",
    "_doc_: its page says so. _seen_: integrations rely on it. _ours_: it is silent, and this is how we read it. What holds for all providers is [among the guarantees](/guarantees.md).",
    ...clausesOf(title).map(clauseWithTests),
  ]);
}

/** The clauses of a provider. */
export function clausesOf(title: string): readonly Clause[] {
  const section = sections.find((one) => one.title === title);
  if (!section) throw new Error(`PROTOCOLS.md has no section ${title}`);
  return section.clauses;
}

/** The first words of the provider's own file, behind its name. */
function doorOf({ file }: Listed): string {
  const said = /^\/\*\*\s*([^]*?)\s*\*\//.exec(textOf(file))?.[1] ?? "";
  const behind = said.replaceAll(/\s*\n \* ?/g, " ").replace(/^[^:]*: /, "");
  return behind.charAt(0).toUpperCase() + behind.slice(1);
}

function facts(endpoint: Endpoint, listed: Listed, index: number): string {
  const head = listed.endpoints.length > 1 ? code(`${endpoint.factory}()`) : "";
  const key = fromFile(keysOf(clausesOf(listed.title), listed)[index]!, "PROTOCOLS.md");
  const [[name, credential], ...others] = factsOf(endpoint, listed);
  const authentication = endpoint.provider.authenticator
    ? [name, `${credential}, as ${clauseLink(clausesOf(listed.title)[0]!.id)} says`]
    : [name, credential];
  return table([head, ""], [authentication, ["The key of an event", key], ...others]);
}

function officialPages({ endpoints, from, folder }: Listed): string {
  const sees = endpoints.flatMap(({ factory }) => tagsOf(nameOf(factory, from).doc, "see"));
  const pages = sees.map((see) => fromDoc(see, folder)).filter((see) => see.includes("](http"));
  return pages.length === 0 ? "" : `Its own pages: ${[...new Set(pages)].join(", ")}.`;
}

/** Is there something that it never sends again? */
function sendsOnce({ retries, events }: Provider): boolean {
  return retries === false || Object.values<EventSpec>(events).some((spec) => spec.retries === false);
}

const runAgain = `What is never sent again is acknowledged where its handler fails for now, and run again by us, as ${clauseLink("any.24")} says; a failure of what somebody waits for is a refusal all the same.`;

/** The table of answers, with what differs from the usual in bold. */
function statuses(endpoints: readonly Endpoint[]): string {
  const tables = endpoints.map(({ provider }) => statusesOf(provider.statuses));
  const rows = nameOf("Statuses").members.map(({ name, doc }) => {
    const row = name as keyof Statuses;
    const meaning = doc.text.replaceAll("\n", " ").replace(/ Default[^.]*\.$/, "");
    const shown = tables.map((one) =>
      one[row] === defaultStatuses[row] ? `${one[row]}` : `**${one[row]}**`,
    );
    return [fromDoc(meaning, "core"), ...shown];
  });
  const heads = endpoints.length === 1 ? ["status"] : endpoints.map(({ factory }) => code(`${factory}()`));
  return table(["what happened", ...heads], rows);
}

/** The table of a provider, with the usual status for what it does not state. */
function statusesOf(stated: Partial<Statuses> = {}): Statuses {
  return { ...defaultStatuses, accepted: stated.handled ?? defaultStatuses.accepted, ...stated };
}

function optionsOf({ factory, options }: Endpoint, { from, folder }: Listed): string {
  const by = `Of [${code(`${factory}()`)}](${linkTo(factory, folder)}):`;
  return [by, membersTable(nameOf(options, from).members, folder)].join("\n\n");
}
