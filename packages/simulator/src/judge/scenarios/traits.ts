/** What differs from provider to provider, so that all four can play the same scenarios. */
import type { ProviderName, RawDelivery } from "../../protocols/protocol.ts";
import type { Scenario, Stage } from "../scenario.ts";

/** What the common scenarios have to know of a provider. */
export interface Traits {
  /** Who it is. */
  readonly provider: ProviderName;
  /** Makes the `n`th delivery of the scenario, one that a right receiver handles. Default: the first. */
  readonly make: (stage: Stage, n?: number) => RawDelivery;
  /** Does the provider send again what failed? */
  readonly retries: boolean;
  /** The statuses of a body that cannot be decoded, and of a type that is not the provider's. */
  readonly statuses: { readonly malformed: number; readonly mediaType: number };
  /** The provider's clauses about acknowledging, about the key of an event, and about slow handlers. */
  readonly clauses: { readonly acknowledged: string; readonly key: string; readonly slow: string };
}

/** A scenario that does not say yet whose it is. */
export type Draft = Omit<Scenario, "provider">;

/** The drafts as scenarios of the provider. */
export function scenariosOf({ provider }: Traits, ...drafts: readonly (readonly Draft[])[]): Scenario[] {
  return drafts.flat().map((draft) => ({ ...draft, provider }));
}
