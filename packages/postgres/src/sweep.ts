/** The sweep of what was forgotten: set off by what else is asked, so that no timer is left behind. */
import { systemClock } from "@answerback/core";
import type { Ask } from "./session.ts";

/** How many rows are swept in one statement. */
const sweptAtOnce = 500;

/** How long nothing is swept once nothing was left: ms. */
const sweepEveryMs = 60_000;

/** A function to call after each verb. Several processes may sweep at once; each steps around what another has. */
export function sweepInTime(ask: Ask): () => void {
  let sweepAt = 0;

  async function sweep(): Promise<void> {
    const { rowCount } = await ask("sweep", { limit: sweptAtOnce });
    sweepAt = systemClock.now() + (rowCount === sweptAtOnce ? 0 : sweepEveryMs);
  }

  return () => {
    if (systemClock.now() < sweepAt) return;
    sweepAt = Infinity;
    sweep().catch(() => (sweepAt = systemClock.now() + sweepEveryMs));
  };
}
