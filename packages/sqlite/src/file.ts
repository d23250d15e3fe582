/** One open file: its statements, its queue, and the sweep that keeps it from growing for ever. */
import { AnswerbackError, type Clock } from "@answerback/core";
import { openDatabase, type Opening } from "./database.ts";
import { openQueue, type Queue } from "./queue.ts";
import type { Desk } from "./records.ts";
import { prepareStatements } from "./statements.ts";

/** A file in use. */
export interface OpenFile {
  /** Where the verbs of a receiver work; a new name gets its number. */
  deskOf(receiver: string): Promise<Desk>;
  /** Commits what waits, and lets the file go. */
  close(): Promise<void>;
}

/** How many rows are swept in one transaction: some ms of the event loop. */
const sweptAtOnce = 500;

/** How long nothing is swept once nothing was left: ms. */
const sweepEveryMs = 60_000;

/** Opens the file. Nothing but commits makes it grow, so they set the sweep off, and no timer is left behind. */
export function openFile(opening: Opening, clock: Clock): OpenFile {
  const database = openDatabase(opening);
  const statements = prepareStatements(database);
  const queue = openQueue(database, sweepInTime);
  let isClosed = false;
  let sweepAt = clock.now();

  function sweepInTime(): void {
    if (clock.now() < sweepAt) return;
    sweepAt = Infinity;
    queue.add(sweep).catch(() => (sweepAt = clock.now() + sweepEveryMs));
  }

  function sweep(): void {
    const { changes } = statements.sweep.run({ now: clock.now(), limit: sweptAtOnce });
    sweepAt = clock.now() + (changes < sweptAtOnce ? sweepEveryMs : 0);
  }

  const verbs: Queue = {
    async add(run) {
      if (isClosed) throw new AnswerbackError("backend_away", `${opening.file} was closed`);
      return queue.add(run);
    },
  };

  return {
    async deskOf(name) {
      const receiver = await verbs.add(() => Number(statements.open.get({ name })?.id));
      return { statements, queue: verbs, clock, receiver };
    },
    async close() {
      isClosed = true;
      // the last in the queue: what came before it is on the disk, or was rejected
      await queue.add(() => {}).catch(() => {});
      database.close();
    },
  };
}
