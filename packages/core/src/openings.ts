/** Which receivers are open on a backend object: no name twice, and none while it closes. */
import type { Backend, Records } from "./backend.ts";
import { OptionError } from "./option-error.ts";

/** How a backend opens the records of a receiver, and lets its engine go. */
export interface OpeningOptions<Db> {
  /** `letGo` is called when the records close. What it rejects with is not open. */
  open(receiver: string, letGo: () => void): Promise<Records<Db>>;
  /** Called when all records are closed; whoever opens meanwhile waits for it. */
  close(): Promise<void>;
}

/**
 * The `open` and `close` of a backend, with the book of names that they need.
 *
 * @throws OptionError from `open` for a name that is open.
 * @example
 * return { durable: true, ...createOpenings({ open: recordsOf, close: disconnect }) };
 */
export function createOpenings<Db = never>(options: OpeningOptions<Db>): Pick<Backend<Db>, "open" | "close"> {
  const opened = new Map<string, Promise<Records<Db>>>();
  let closing = Promise.resolve();

  async function closeAll(open: readonly Promise<Records<Db>>[]): Promise<void> {
    await Promise.allSettled(open.map(async (coming) => (await coming).close()));
    await options.close();
  }

  return {
    async open(receiver) {
      if (opened.has(receiver)) throw new OptionError("name", "taken", alreadyOpen(receiver));
      const letGo = () => {
        // a second close() of an old one must not let the name of its successor go
        if (opened.get(receiver) === coming) opened.delete(receiver);
      };
      const coming: Promise<Records<Db>> = closing.catch(() => {}).then(() => options.open(receiver, letGo));
      opened.set(receiver, coming);
      coming.catch(letGo);
      return coming;
    },
    close() {
      // who opens from now on waits for the closing, and must not be waited for
      const open = [...opened.values()];
      closing = closing.catch(() => {}).then(() => closeAll(open));
      return closing;
    },
  };
}

function alreadyOpen(receiver: string): string {
  return `a receiver named ${JSON.stringify(receiver)} is already open on this backend: close it first, or give this one another name`;
}
