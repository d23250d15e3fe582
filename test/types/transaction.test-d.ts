/** What a handler gets to write with is what its backend offers, and nothing where it offers none. */
import { createReceiver, memory, postback, uphance } from "@answerback/core";
import { type Backend } from "@answerback/core/backend";

/** Something to write with. */
interface Client {
  query(sql: string, values?: readonly unknown[]): Promise<{ rows: unknown[] }>;
}

declare const backend: Backend<Client>;
const authenticate = false;

// one handler by event, and the transaction's result is what the function returned
createReceiver(postback(), {
  authenticate,
  backend,
  handle: {
    "contact.create": async ({ data }, { transaction }) => {
      const rows = await transaction((db) => db.query("select $1", [data.id]).then(({ rows }) => rows));
      rows satisfies unknown[];
    },
  },
});

// one function for all
createReceiver(uphance(), {
  authenticate,
  handle: async (_event, { transaction, signal }) => {
    signal satisfies AbortSignal;
    await transaction((db) => db.query("select 1"));
  },
  backend,
});

createReceiver(uphance(), {
  authenticate,
  backend,
  // @ts-expect-error the client has no method of that name
  handle: async (_event, { transaction }) => void (await transaction((db) => db.quary("select 1"))),
});

createReceiver(uphance(), {
  authenticate,
  backend: memory(),
  // @ts-expect-error memory has no transactions
  handle: async (_event, { transaction }) => void transaction,
});

createReceiver(uphance(), {
  authenticate,
  // @ts-expect-error nor has what is there without a backend
  handle: async (_event, { transaction }) => void transaction,
});
