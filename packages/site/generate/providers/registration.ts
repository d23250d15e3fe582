/** What must be registered with a provider: what a receiver of it says. */
import { inspect } from "node:util";
import { createReceiver } from "@answerback/core";
import { block, code } from "../page.ts";
import type { Made } from "./list.ts";

/** What a receiver with three handlers says is to be registered. */
export async function registration(
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
  const call = `receiver.registration(${inspect(given, { breakLength: Infinity }).replaceAll("'", '"')})`;
  return [
    `With handlers for ${handled.map(code).join(", ")}, ${code(call)} of a receiver of ${code(`${factory}()`)} is what to send or paste:`,
    block("json", JSON.stringify(result, undefined, 2)),
  ].join("\n\n");
}
