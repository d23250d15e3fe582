/** Plays a scenario: many events on one clock, and a journal of what their providers concluded. */
import type { AnyDelivery } from "../protocols/protocol.ts";
import { deliver } from "./deliver.ts";
import { drive } from "./drive.ts";
import type { Journal } from "./journal.ts";
import type { PlayOptions } from "./scene.ts";
import { callbackEntry, sceneOf } from "./scene.ts";
import type { Target } from "./target.ts";
import { openTarget } from "./target.ts";

/** An event to send, `everyMs` after the event before it; or `atMs` after the scenario began. */
export type Step =
  | AnyDelivery
  | {
      /** The first attempt. */
      readonly delivery: AnyDelivery;
      /** When it is sent: ms since the scenario began. */
      readonly atMs: number;
    };

/**
 * Plays events at a target, each with the retries of its provider, and resolves to the journal when the providers are
 * done with all of them. On a virtual clock the receiver's own work takes no time, and waiting for it neither.
 *
 * @throws OptionError for a mistake in the options: `out_of_range` for a behaviour that its provider does not have.
 * @example
 * const journal = await play(app, deliveries.uphance.invoiceCreate({ mount: "/hooks/uphance/secret" }));
 * journal.at(-1)?.concluded.says; // "acknowledged"
 */
export async function play(
  target: Target,
  steps: Step | readonly Step[],
  options: PlayOptions = {},
): Promise<Journal> {
  const { url, close } = await openTarget(target);
  const scene = sceneOf(url, options);
  const stop = scene.callbacks.subscribe((use) => scene.note(callbackEntry(use, scene)));
  try {
    const events = [steps].flat().map((step, index) => {
      const { delivery, atMs } = "delivery" in step ? step : { delivery: step, atMs: index * scene.everyMs };
      return deliver(scene, delivery, { event: index, atMs });
    });
    await drive(scene.clock, Promise.all(events), scene);
  } finally {
    stop();
    await close();
  }
  return scene.journal;
}
