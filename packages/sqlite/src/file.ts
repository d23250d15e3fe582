/** One open file: its statements, its queue, and the sweep that keeps it from growing for ever. */
import { AnswerbackError, createSweep, type Clock } from "@answerback/core/backend";
import { openDatabase, type Opening } from "./database.ts";
import { prepareLists } from "./lists.ts";
import { openQueue, type Queue } from "./queue.ts";
import type { Session } from "./session.ts";
import { prepareStatements } from "./statements.ts";

/** A file in use. */
export interface OpenFile {
  /** Where the verbs of a receiver work; a new name gets its number. */
  sessionOf(receiver: string): Promise<Session>;
  /** The names of the receivers that have records in it. */
  receivers(): string[];
  /** Commits what waits, and closes the file. */
  close(): Promise<void>;
}

/** How many rows are swept in one transaction: some ms of the event loop. */
const sweptAtOnce = 500;

/** Opens the file. Commits make it grow, so they set the sweep off; and a worker does who finds nothing to do. */
export function openFile(opening: Opening, clock: Clock): OpenFile {
  const database = openDatabase(opening);
  const statements = prepareStatements(database);
  const lists = prepareLists(database);
  const sweepIfTime = createSweep(() => queue.add(sweep), clock);
  const queue = openQueue(database, sweepIfTime);
  let isClosed = false;

  function sweep(): boolean {
    const which = { now: clock.now(), limit: sweptAtOnce };
    const [swept, wiped] = [statements.sweep.run(which), statements.wipe.run(which)];
    return Math.max(swept, wiped) === sweptAtOnce;
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
      return { statements, lists, queue: verbs, sweepIfTime, clock, receiver: id, lingerMs: linger };
    },
    receivers: () => (statements.receivers.all({}) as { name: string }[]).map(({ name }) => name),
    async close() {
      isClosed = true;
      // the last in the queue: what came before it is on the disk, or was rejected
      await queue.add(() => {}).catch(() => {});
      database.close();
    },
  };
}
