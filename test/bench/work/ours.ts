/** The receivers that are measured: App Inbox for JSON, Postback for the form, each with an answer of its own. */
import { appInbox, basicAuth, createReceiver, memory, postback, type Receiver } from "@answerback/core";
import { type Backend } from "@answerback/core/backend";
import { z } from "zod";
import { credentials, type Format } from "./deliveries.ts";

/** The two say nothing in their answers; hand-written handlers of this comparison do, so these do as well. */
export const answer = z.object({ received: z.string() });

const providers = { json: appInbox(), form: postback() } as const;

/** How many events ours and everybody else's remember. */
export const maxKeys = 100_000;

/** What a receiver of the comparison may have. */
export interface OurOptions {
  /** Default: memory for `maxKeys`. */
  readonly backend?: Backend<any>;
  /** Does its handler await something that is there? Default: it returns at once. */
  readonly awaits?: boolean;
}

/** A receiver that does all its work: what it observes is counted. */
export function receiverOf(
  format: Format,
  { backend = memory({ maxKeys }), awaits = false }: OurOptions = {},
): Receiver {
  const provider: any = providers[format];
  const events = Object.fromEntries(
    Object.entries<object>(provider.events).map(([type, spec]) => [type, { ...spec, answer }]),
  );
  let observed = 0;
  return createReceiver<any, any, any, any, any>(
    { ...provider, events },
    {
      authenticate: basicAuth(credentials),
      handle: awaits ? handleLater : handle,
      observe: () => void (observed += 1),
      warn: () => {},
      backend,
    },
  );
}

interface Event {
  readonly data: { readonly id: string };
}

function handle({ data }: Event): z.infer<typeof answer> {
  return { received: data.id };
}

async function handleLater(event: Event): Promise<z.infer<typeof answer>> {
  await Promise.resolve();
  return handle(event);
}
