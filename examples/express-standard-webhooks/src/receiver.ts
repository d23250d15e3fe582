/** The receiver: who is let in, and what becomes of each event. */
import { createReceiver, type ReceiverOptions } from "@answerback/core";
import { standardWebhooks } from "@answerback/providers/standard-webhooks";
import { z } from "zod";

/** What the process hands in, and a test in its place. */
export interface Settings extends Pick<ReceiverOptions, "backend" | "observe" | "onError"> {
  /** The endpoint's signing secret: `whsec_…`. */
  readonly secret: string | undefined;
  /** What the app is there for: somebody signed up. It may take its time. */
  readonly welcome: (userId: string) => Promise<void> | void;
}

/** Each event with what its data has to be. */
const events = { "user.created": { data: z.looseObject({ id: z.string() }) } };

export function makeReceiver({ secret, welcome, ...options }: Settings) {
  return createReceiver(standardWebhooks({ secret, events }), {
    ...options,
    // The sender sends to HTTPS only; who sends shows in the signature, wherever TLS ends
    requireHttps: false,
    handle: {
      "user.created": ({ data }) => welcome(data.id),
    },
  });
}
