/** The receiver: who is let in, and what becomes of WhatsApp's messages. */
import { createReceiver, type ReceiverOptions } from "@answerback/core";
import { meta } from "@answerback/providers/meta";

/** What the process hands in, and a test in its place. */
export interface Settings extends Pick<ReceiverOptions, "backend" | "observe" | "onError"> {
  /** The app's secret, with which Meta signs. */
  readonly appSecret: string | undefined;
  /** What you type in beside the address. */
  readonly verifyToken: string | undefined;
  /** What the app is there for: somebody wrote. It may take its time. */
  readonly read: (message: { readonly from: string; readonly text: string }) => Promise<void> | void;
}

export function makeReceiver({ appSecret, verifyToken, read, ...options }: Settings) {
  return createReceiver(meta({ appSecret, verifyToken }), {
    ...options,
    // Meta sends to HTTPS only; who sends shows in the signature, wherever TLS ends
    requireHttps: false,
    handle: {
      "whatsapp.message": ({ data }) => read({ from: String(data.from), text: data.text?.body ?? "" }),
    },
  });
}
