/** The generated pages of the site, each made from the sources that it tells of. */
import { guaranteesPage } from "./guarantees.ts";
import type { Page } from "./page.ts";
import { providersPage } from "./providers/index-page.ts";
import { providers } from "./providers/list.ts";
import { providerPage } from "./providers/page.ts";
import { apiPages } from "./reference/api.ts";
import { messagesPage } from "./reference/messages.ts";
import { observationsPage } from "./reference/observations.ts";
import { optionsPage } from "./reference/options.ts";

export type { Page } from "./page.ts";

/** Makes all generated pages. */
export async function generate(): Promise<readonly Page[]> {
  return [
    providersPage(),
    ...(await Promise.all(providers.map(providerPage))),
    guaranteesPage(),
    messagesPage(),
    optionsPage(),
    observationsPage(),
    ...apiPages(),
  ];
}
