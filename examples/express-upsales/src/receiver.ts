/** The receiver: who is let in, and what Upsales' requests are answered with. */
import { bodySecret, createReceiver, upsales } from "@answerback/core";
import type { ReceiverOptions } from "@answerback/core";
import { crunch } from "./crunch.ts";

/** What the process hands in, and a test in its place. */
export interface Settings extends Pick<
  ReceiverOptions,
  "backend" | "answerWithin" | "observe" | "onError" | "transport"
> {
  /** The app's authentication key, which Upsales sends with every request. */
  readonly key: string | undefined;
  readonly crunchSeconds?: number;
}

export function makeReceiver({ key, crunchSeconds = 0, ...options }: Settings) {
  return createReceiver(upsales(), {
    ...options,
    authenticate: bodySecret("authenticationKey", key),
    handle: {
      // somebody saved an order: quick, so the callback travels in the response
      "order.insert": ({ params, customer }) => ({
        callback: { message: `Order ${params.id} of ${customer.name} was seen` },
      }),

      // somebody started a run: a second or ten minutes, the code is the same; the receiver minds the 25 seconds
      external: async ({ data }, { signal }) => {
        const companies = await crunch(data, { seconds: crunchSeconds, signal });
        return { callback: { status: 1, notify: `Crunched ${companies} companies` } };
      },

      // somebody clicked on the notification: the widget that opens, made from the log entry of the run
      notification: ({ data }) => ({
        type: "widget",
        rows: [
          { type: "title", text: "What became of it" },
          { type: "markdown", markdown: data?.message ?? "_No message_" },
        ],
      }),
    },
  });
}
