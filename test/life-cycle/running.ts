/** A delivery whose handler waits, and all that can be done to it meanwhile. */
import { sample } from "../support/deliveries.ts";
import type { Framework } from "../support/frameworks.ts";
import { openHouse, type ProviderName } from "../support/house.ts";
import type { ManualClock } from "../support/manual-clock.ts";
import type { FaultyBackend } from "./support.ts";

const order = sample("upsales/order-insert");
export const ticket = sample("uphance/pick-ticket-update");

/** A house with one delivery whose handler waits. */
export async function openRunning(
  framework: Framework,
  clock: ManualClock,
  backend: FaultyBackend,
  provider: ProviderName = "uphance",
  options: Record<string, unknown> = {},
) {
  const begun = Promise.withResolvers<void>();
  const done = Promise.withResolvers<unknown>();
  let signal: AbortSignal | undefined;
  const handle = (_: unknown, context: { signal: AbortSignal }) => {
    signal = context.signal;
    begun.resolve();
    return done.promise;
  };
  // as long as the handler runs nobody is acknowledged
  Object.assign(backend, { durable: "answerWithin" in options });
  const house = await openHouse(framework, provider, { clock, backend, handle, options });
  const answering = house.deliver(provider === "upsales" ? order : ticket);
  answering.catch(() => {});
  return { house, begun: begun.promise, done, answering, signal: () => signal };
}
