/** Which receivers are open on a backend: no name twice, and none while the backend closes. */
import type { Backend, Records } from "../contract/backend.ts";
import { aFunction } from "../contract/kinds.ts";
import { OptionError } from "../contract/option-error.ts";
import { readOptions } from "../contract/read-options.ts";
import { emitWarning, type Warning } from "../contract/warning.ts";

/** What records are opened with. */
export interface Opening {
  /** Frees the name. The records call it when they close. */
  release(): void;
  /** Tells the developer: the receiver's own `warn`, or `process.emitWarning`. */
  warn(warning: Warning): void;
}

/** How a backend opens the records of a receiver, and closes its engine. */
export interface OpenOnceOptions<Db> {
  /** Opens records. What it rejects with is not open. */
  open(receiver: string, opening: Opening): Promise<Records<Db>>;
  /** Closes the engine, once all records are closed. Whoever opens meanwhile waits for it. */
  close(): Promise<void>;
}

/**
 * The `open` and `close` of a backend: they keep the book of open names.
 *
 * @throws OptionError for a mistake in the options, and `taken` from `open` for a name that is open.
 * @example
 * return { durable: true, ...openOnce({ open: recordsOf, close: disconnect }) };
 */
export function openOnce<Db = never>(options: OpenOnceOptions<Db>): Pick<Backend<Db>, "open" | "close"> {
  readOptions("openOnce", options, { open: aFunction, close: aFunction });
  const opened = new Map<string, Promise<Records<Db>>>();
  let closing = Promise.resolve();

  async function closeAll(open: readonly Promise<Records<Db>>[]): Promise<void> {
    await Promise.allSettled(open.map(async (coming) => (await coming).close()));
    await options.close();
  }

  return {
    async open(receiver, { warn = emitWarning } = {}) {
      if (opened.has(receiver)) throw new OptionError("name", "taken", alreadyOpen(receiver));
      const release = () => {
        // a second close() of old records must not free the name of their successor
        if (opened.get(receiver) === coming) opened.delete(receiver);
      };
      const coming: Promise<Records<Db>> = closing
        .catch(() => {})
        .then(() => options.open(receiver, { release, warn }));
      opened.set(receiver, coming);
      coming.catch(release);
      return coming;
    },
    close() {
      // whoever opens from now on waits for the closing, and must not be waited for
      const open = [...opened.values()];
      closing = closing.catch(() => {}).then(() => closeAll(open));
      return closing;
    },
  };
}

function alreadyOpen(receiver: string): string {
  return `a receiver named ${JSON.stringify(receiver)} is already open on this backend: close it first, or give this one another name`;
}
