/** The page of all providers: what differs between them, side by side. */
import type { Provider } from "@answerback/core";
import { fromFile } from "../links.ts";
import { page, table, type Page } from "../page.ts";
import { onTheWeb } from "../sources/repository.ts";
import { authentication, inWords, keysOf, saysPatience, usesOf } from "./facts.ts";
import { clausesOf } from "./page.ts";
import { providers } from "./list.ts";

/** Makes the page. */
export function providersPage(): Page {
  const rows = providers.map((listed) => {
    const { name, title, endpoints } = listed;
    const [{ provider }] = endpoints;
    const [key] = keysOf(clausesOf(title), listed);
    return [
      `[${title}](/providers/${name}.md)`,
      provider.patience !== undefined && saysPatience(listed) ? inWords(provider.patience) : "",
      sentAgain(provider),
      usesOf(provider),
      authentication(endpoints[0]),
      fromFile(key!, "PROTOCOLS.md"),
    ];
  });
  return page("providers/index.md", "Providers", [
    `Answerback knows ${providers.length} providers. Each has a page with its events, its answers, its statuses, and what its own page leaves open. An empty cell: its page says nothing, or there is nothing of the kind.`,
    table(["", "waits", "sends again", "takes later", "authentication", "the key of an event"], rows),
    `Yours is not here? It is [a page of data and two pure functions](${onTheWeb("packages/providers/YOUR-OWN-PROVIDER.md")}).`,
  ]);
}

function sentAgain({ retries = true, retryWindow }: Provider): string {
  if (!retries) return "no";
  return retryWindow === undefined ? "yes" : `for ${inWords(retryWindow)}`;
}
