/** The app: what becomes of each postback, and where they come in. */
import { basicAuth, createReceiver, memory, PermanentError, postback, RetryLater } from "@answerback/core";
import type { Contact, ReceiverOptions } from "@answerback/core";
import { createKoaMiddleware } from "@answerback/koa";
import Koa from "koa";

/** What the process hands in, and a test in its place. */
export interface Settings extends Pick<ReceiverOptions, "observe" | "onError"> {
  /** What is registered as `basic_auth_password`. */
  readonly password: string | undefined;
  /** The one before it: let in as well until nothing sends it any more. */
  readonly oldPassword?: string | undefined;
  /** Stands for a database. */
  readonly contacts?: Map<string, Contact>;
}

export function createApp({ password, oldPassword, contacts = new Map(), ...options }: Settings) {
  const current = { username: "postback", password };
  const receiver = createReceiver(postback(), {
    ...options,
    authenticate: basicAuth(oldPassword ? [current, { ...current, password: oldPassword }] : current),
    // forgets at a restart: a durable backend belongs here when handling a retry twice would do harm
    backend: memory(),
    handle: {
      "contact.create": ({ data }) => {
        // no retry would bring the name: acknowledged, and kept as a dead letter for a person to look at
        if (!data.last_name) throw new PermanentError("a contact needs a last name");
        contacts.set(data.id, data);
      },

      "contact.update": ({ data }) => {
        // deliveries overtake each other: by the next attempt the creation will have come
        if (!contacts.has(data.id)) throw new RetryLater({ after: "5m" });
        contacts.set(data.id, { ...contacts.get(data.id), ...data });
      },

      "contact.delete": ({ data }) => {
        contacts.delete(data.id);
      },
    },
  });

  const app = new Koa();
  // before any body parser: the receiver reads the body itself, once it knows that it may
  app.use(createKoaMiddleware(receiver, { path: "/hooks/postback" }));
  return { app, receiver };
}
