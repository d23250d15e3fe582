/** Why a client is not connected: the last error of its connection, without what ioredis puts beside it. */
import type { EventEmitter } from "node:events";

/** What is heard of a client's connection. */
export interface Trouble {
  /** The last error since the last connection was made; `undefined`: there was none. */
  last(): unknown;
  /** Listens no more. */
  ignore(): void;
}

/** Listens to a client. */
export function watch(client: EventEmitter): Trouble {
  let last: unknown;
  const failed = (error: unknown) => void (last = withoutCommand(error));
  const connected = () => void (last = undefined);
  client.on("error", failed).on("connect", connected);
  return {
    last: () => last,
    ignore: () => void client.off("error", failed).off("connect", connected),
  };
}

/** The error as the server or the network said it. The command that failed may hold an event, or AUTH and the password. */
export function withoutCommand(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { lastNodeError, command } = error as { lastNodeError?: unknown; command?: unknown };
  if (lastNodeError === undefined && command === undefined) return error;
  const clean = new Error(error.message, { cause: withoutCommand(lastNodeError) });
  return Object.assign(clean, { name: error.name });
}

/** Says the server that it has no database of this number? */
export function isOfDatabase(error: unknown): boolean {
  return error instanceof Error && error.message.includes("DB index is out of range");
}
