/** The receivers that are measured: App Inbox for JSON, Postback for the form, each with an answer of its own. */
import {
  appInbox,
  basicAuth,
  createReceiver,
  memory,
  postback,
  type Backend,
  type Receiver,
} from "@answerback/core";
import { z } from "zod";
import { credentials, type Format } from "./deliveries.ts";

/** The two say nothing in their answers; hand-written handlers of this comparison do, so these do as well. */
const answer = z.object({ received: z.string() });

const providers = { json: appInbox(), form: postback() } as const;

/** How many events ours and everybody else's remember. */
export const maxKeys = 100_000;

/** A receiver that does all its work: what it observes is counted. */
export function receiverOf(
  format: Format,
  backend: Backend = memory({ maxKeys }),
): Receiver & { observed: number } {
  const provider: any = providers[format];
  const events = Object.fromEntries(
    Object.entries<object>(provider.events).map(([type, spec]) => [type, { ...spec, answer }]),
  );
  const counted = { observed: 0 };
  const receiver = createReceiver<any, any, any, any>(
    { ...provider, events },
    {
      authenticate: basicAuth(credentials),
      handle: ({ data }: { data: { id: string } }) => ({ received: data.id }),
      observe: () => void (counted.observed += 1),
      warn: () => {},
      backend,
    },
  );
  return Object.assign(receiver, counted);
}
