/** What must be registered with a provider: what a receiver of it says. */
import { inspect } from "node:util";
import { createReceiver } from "@answerback/core";
import { fromDoc, linkTo } from "../links.ts";
import { block, code } from "../page.ts";
import { nameOf } from "../sources/declared.ts";
import type { Endpoint, Listed } from "./list.ts";
import { handledBy } from "./mount.ts";

/** What a receiver with the handlers of the example says is to be registered. */
export async function registration(endpoint: Endpoint, listed: Listed, mount: string): Promise<string> {
  const { provider, receiver, registered, registering, factory } = endpoint;
  if (!registered)
    return "It has no registration that a program could send: paste the address into the sender's own page, and its secret into yours.";
  const handlers = handledBy(listed, endpoint).map((type) => [type, () => undefined]);
  if (handlers.length === 0) throw new Error(`the example of ${factory}() handles none of its events`);
  const opened = createReceiver(provider, {
    ...{ authenticate: undefined, ...receiver, background: false, warn: () => {} },
    handle: Object.fromEntries(handlers),
  } as Parameters<typeof createReceiver>[1]);
  const given = { url: `https://app.example${mount}`, ...registering };
  const result = (opened.registration as (options: object) => unknown)(given);
  await opened.close();
  const call = `receiver.registration(${inspect(given, { breakLength: Infinity }).replaceAll("'", '"')})`;
  const said = fromDoc(nameOf(registered, listed.from).doc.text, listed.folder);
  return [
    `With ${code(`${factory}()`)} as it is above, ${code(call)} gives the [${code(registered)}](${linkTo(registered, listed.folder)}): ${said.charAt(0).toLowerCase()}${said.slice(1)}`,
    block("json", JSON.stringify(result, undefined, 2)),
  ].join("\n\n");
}
