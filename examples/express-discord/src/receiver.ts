/** The receiver: who is let in, and what a command is answered with. */
import { createReceiver, type ReceiverOptions } from "@answerback/core";
import { discord } from "@answerback/providers/discord";

/** What the process hands in, and a test in its place. */
export interface Settings extends Pick<ReceiverOptions, "backend" | "observe" | "onError"> {
  /** The application's public key: 64 hexadecimal digits. */
  readonly publicKey: string | undefined;
  /** What the bot is there for: a second or ten minutes, the code is the same. */
  readonly run: (command: string) => Promise<string> | string;
}

export function makeReceiver({ publicKey, run, ...options }: Settings) {
  return createReceiver(discord({ publicKey }), {
    ...options,
    // Discord sends to HTTPS only; who sends shows in the signature, wherever TLS ends
    requireHttps: false,
    handle: {
      APPLICATION_COMMAND: async ({ data }) => ({ content: await run(data.name) }),
    },
  });
}
