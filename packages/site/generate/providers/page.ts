/** The page of a provider. */
import type { EventSpec } from "@answerback/core";
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
    `As the [simulator](/reference/api/simulator.md) plays it, laid out for reading. ${fromFile(testing(listed), "packages/simulator/README.md")}`,
    ...endpoints.flatMap(({ samples }, index) =>
      Object.entries(samples).map(([what, one]) => sample(what, one, mounts[index]!)),
    ),

    "## Fields",
    ...fields,

    "## What it gets",
    "What the receiver answers, by what happened; a status in bold is not the usual one. The body of a refusal is its [code](/reference/messages.md) as JSON.",
    statuses(endpoints),
    ...endpoints.map((one) => ours(one, listed)),
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
    ? [
        name,
        `${credential}, as ${clauseLink(clausesOf(listed.title)[0]!.id)} says${secretsOf(endpoint, listed)}`,
      ]
    : [name, credential];
  return table([head, ""], [authentication, ["The key of an event", key], ...others]);
}

/** Which secret of the provider each option means. */
function secretsOf({ options }: Endpoint, { from, folder }: Listed): string {
  const secrets = nameOf(options, from).members.filter(({ type }) =>
    /\b(?:Secret|DiscordPublicKey)$/.test(type),
  );
  return secrets
    .map(({ name, doc }) => {
      const [what = ""] = doc.text.split(/[;.](?=\s|$)/);
      return `; ${code(name)} is ${fromDoc(what.charAt(0).toLowerCase() + what.slice(1), folder)}`;
    })
    .join("");
}

function officialPages({ endpoints, from, folder }: Listed): string {
  const sees = endpoints.flatMap(({ factory }) => tagsOf(nameOf(factory, from).doc, "see"));
  const pages = sees.map((see) => fromDoc(see, folder)).filter((see) => see.includes("](http"));
  return pages.length === 0 ? "" : `Its own pages: ${[...new Set(pages)].join(", ")}.`;
}

const testing = ({ folder }: Listed) =>
  `Your tests send the same: [how](#${folder === "core" ? "deliveries" : "senders"}).`;

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

/** What the table does not show: a failure that is not told, as the provider would not send the event again (any.24). */
function ours({ provider, factory }: Endpoint, { endpoints }: Listed): string {
  const { retries = true, events } = provider;
  const once = Object.entries<EventSpec>(events)
    .filter(([, spec]) => spec.retries === false && !spec.interactive)
    .map(([type]) => code(type));
  if (retries && once.length === 0) return "";
  const whose = endpoints.length > 1 ? `${code(`${factory}()`)}: ` : "";
  const listed = [once.slice(0, -1).join(", "), ...once.slice(-1)].filter(Boolean).join(" or ");
  const what = retries ? listed : "an event";
  return `${whose}Nobody sends ${what} again. So where the handler throws ${code("RetryLater")} or any other error, the event is acknowledged, and run again by us. With ${code('onFailure: "refuse"')}, and where somebody waits at a screen, it gets the status of the table.`;
}

/** The table of a provider, with the usual status for what it does not state. */
function statusesOf(stated: Partial<Statuses> = {}): Statuses {
  return { ...defaultStatuses, accepted: stated.handled ?? defaultStatuses.accepted, ...stated };
}

function optionsOf({ factory, options }: Endpoint, { from, folder }: Listed): string {
  const by = `Of [${code(`${factory}()`)}](${linkTo(factory, folder)}):`;
  return [by, membersTable(nameOf(options, from).members, folder)].join("\n\n");
}
