/** The mistakes that are refused where they are made, before anything is sent: all chapters. */
import type { Chapter } from "./mistake.ts";
import { adapters } from "./rows/adapters.ts";
import { authenticators } from "./rows/authenticators.ts";
import { backends } from "./rows/backends.ts";
import { knownProviders } from "./rows/known-providers.ts";
import { providers } from "./rows/providers.ts";
import { gettingAReceiver } from "./rows/receiver.ts";
import { receiverOptions } from "./rows/receiver-options.ts";
import { tools } from "./rows/tools.ts";

/** The table. */
export const atCreation: readonly Chapter[] = [
  ...gettingAReceiver,
  ...receiverOptions,
  ...authenticators,
  ...providers,
  ...knownProviders,
  ...backends,
  ...adapters,
  ...tools,
];
