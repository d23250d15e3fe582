/** One open file: its statements, its queue, and the sweep that keeps it from growing for ever. */
import { AnswerbackError, createSweep, type Clock } from "@answerback/core/backend";
import { openDatabase, type Opening } from "./database.ts";
import { openQueue, type Queue } from "./queue.ts";
import type { Session } from "./session.ts";
import { prepareStatements } from "./statements.ts";

/** A file in use. */
export interface OpenFile {
  /** Where the verbs of a receiver work; a new name gets its number. */
  sessionOf(receiver: string): Promise<Session>;
  /** Commits what waits, and closes the file. */
  close(): Promise<void>;
}

/** How many rows are swept in one transaction: some ms of the event loop. */
const sweptAtOnce = 500;

/** Opens the file. Nothing but commits makes it grow, so they set the sweep off. */
export function openFile(opening: Opening, clock: Clock): OpenFile {
  const database = openDatabase(opening);
  const statements = prepareStatements(database);
  const queue = openQueue(
    database,
    createSweep(() => queue.add(sweep), clock),
  );
  let isClosed = false;

  function sweep(): boolean {
    const { changes } = statements.sweep.run({ now: clock.now(), limit: sweptAtOnce });
    return changes === sweptAtOnce;
  }

  const verbs: Queue = {
    async add(run) {
      if (isClosed) throw new AnswerbackError("backend_away", `${opening.file} was closed`);
      return queue.add(run);
    },
  };

  return {
    async sessionOf(name) {
      const row = await verbs.add(() => statements.open.get({ name }));
      const { id, linger } = row as { id: number; linger: number };
      return { statements, queue: verbs, clock, receiver: id, lingerMs: linger };
    },
    async close() {
      isClosed = true;
      // the last in the queue: what came before it is on the disk, or was rejected
      await queue.add(() => {}).catch(() => {});
      database.close();
    },
  };
}
