/** The receiver: who is let in, and what becomes of Uphance's webhooks. */
import { createReceiver, uphance, urlSecret } from "@answerback/core";
import type { ReceiverOptions, UphanceObject } from "@answerback/core";

/** What the process hands in, and a test in its place. */
export interface Settings extends Pick<ReceiverOptions, "backend" | "observe" | "onError"> {
  /** The last segment of the URL that is registered: whoever knows it is Uphance. */
  readonly secret: string | undefined;
  /** What the app is there for. It may take its time. */
  readonly ship: (pickTicket: UphanceObject) => Promise<void> | void;
}

export function makeReceiver({ secret, ship, ...options }: Settings) {
  return createReceiver(uphance(), {
    ...options,
    authenticate: urlSecret(secret),
    // a secret in the URL is one only as long as nobody on the way can read it
    requireHttps: true,
    handle: {
      "pick_ticket.update": async ({ data }) => {
        if (data["status"] === "shipped") await ship(data);
      },
    },
  });
}
