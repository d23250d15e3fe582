/** The types that a provider's page shows, field by field. */
import { fromDoc } from "../links.ts";
import { block } from "../page.ts";
import { entries, type Declared } from "../sources/declared.ts";
import { membersTable } from "../types.ts";
import { eventsKnown } from "./events.ts";
import type { Listed } from "./list.ts";

/** Each of the types: what events carry, what handlers return, and what those are made of. */
export function fieldsOf({ endpoints, from, file, folder }: Listed): string[] {
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
  for (const one of endpoints) {
    for (const { data, answer } of eventsKnown(one).values()) look(`${short(data)} ${short(answer)}`);
    look(one.beside ?? "");
  }
  return [...found].map((name) => typeOf(mine.get(name)!, folder));
}

const short = (type: string) => (type.length > 400 ? "" : type);

function typeOf({ name, doc, signature, members }: Declared, folder: string): string {
  const shape = members.length > 0 ? membersTable(members, folder) : block("ts", signature);
  return [`### ${name}`, fromDoc(doc.text, folder), shape].filter(Boolean).join("\n\n");
}
