/** The receiver: who is let in, and what becomes of each postback. */
import { basicAuth, createReceiver, PermanentError, postback, RetryLater } from "@answerback/core";
import type { Contact, ReceiverOptions } from "@answerback/core";

/** What the process hands in, and a test in its place. */
export interface Settings extends Pick<ReceiverOptions, "backend" | "observe" | "onError"> {
  /** What is registered as `basic_auth_password`. */
  readonly password: string | undefined;
  /** The one before it: let in as well until nothing sends it any more. */
  readonly oldPassword?: string | undefined;
  /** Stands for a database. */
  readonly contacts?: Map<string, Contact>;
}

export function makeReceiver({ password, oldPassword, contacts = new Map(), ...options }: Settings) {
  const current = { username: "postback", password };
  return createReceiver(postback(), {
    ...options,
    authenticate: basicAuth(oldPassword ? [current, { ...current, password: oldPassword }] : current),
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
}
