/** The scenarios of all four providers by name. */
import type { ProviderName } from "../../protocols/protocol.ts";
import type { Scenario } from "../scenario.ts";
import { appInboxScenarios } from "./app-inbox.ts";
import { postbackScenarios } from "./postback.ts";
import { uphanceScenarios } from "./uphance.ts";
import { upsalesScenarios } from "./upsales.ts";

/**
 * All scenarios of the judge, by provider: their names are what `only` takes.
 *
 * @example scenarios.postback.map(({ name, clause }) => `${clause} ${name}`);
 */
export const scenarios: Readonly<Record<ProviderName, readonly Scenario[]>> = {
  upsales: upsalesScenarios,
  uphance: uphanceScenarios,
  appInbox: appInboxScenarios,
  postback: postbackScenarios,
};
