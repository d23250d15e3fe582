/** The receiver: who is let in, and what the slash command is answered with. */
import { createReceiver } from "@answerback/core";
import type { ReceiverOptions } from "@answerback/core";
import { slack } from "@answerback/providers/slack";
import { crunch } from "./crunch.ts";

/** What the process hands in, and a test in its place. */
export interface Settings extends Pick<
  ReceiverOptions,
  "backend" | "answerWithin" | "observe" | "onError" | "transport"
> {
  /** The app's signing secret, with which Slack signs every request. */
  readonly signingSecret: string | undefined;
  readonly crunchSeconds?: number;
  /** Who has waited for so long at half-time is told so. */
  readonly tellAfterSeconds?: number;
}

export function makeReceiver({
  signingSecret,
  crunchSeconds = 0,
  tellAfterSeconds = 2,
  ...options
}: Settings) {
  return createReceiver(slack({ signingSecret }), {
    ...options,
    // Slack sends to HTTPS only; who sends shows in the signature, wherever TLS ends
    requireHttps: false,
    handle: {
      // somebody typed the command: a second or ten minutes, the code is the same; the receiver minds the 3 seconds
      command: async ({ data, receivedAt }, { post, signal }) => {
        const words = data.text.split(/\s+/).filter(Boolean);
        if (words.length === 0) return `Crunch what? Try \`${data.command} one two three\`.`;

        const half = Math.ceil(words.length / 2);
        const work = { seconds: crunchSeconds / 2, signal };
        const first = await crunch(words.slice(0, half), work);
        // this acknowledges the command; of the five messages that Slack takes, the last one is the answer's
        if (Date.now() - receivedAt > tellAfterSeconds * 1_000)
          await post(`Half of it is done: ${first} letters so far.`);
        const second = await crunch(words.slice(half), work);

        return { response_type: "in_channel", text: `Crunched ${first + second} letters.` };
      },
    },
  });
}
