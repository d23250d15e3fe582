/** The receiver: who is let in, and what messages are answered with. */
import { createReceiver, type ReceiverOptions } from "@answerback/core";
import { twilio } from "@answerback/providers/twilio";

/** What the process hands in, and a test in its place. */
export interface Settings extends Pick<ReceiverOptions, "backend" | "observe" | "onError" | "publicUrl"> {
  /** The account's auth token, with which Twilio signs. */
  readonly authToken: string | undefined;
  /** What the app is there for: the words that go back to whoever sent some. */
  readonly answer: (words: string) => Promise<string> | string;
}

const twiml = (words: string) => `<Response><Message>${escaped(words)}</Message></Response>`;

const escaped = (words: string) =>
  words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

export function makeReceiver({ authToken, answer, ...options }: Settings) {
  return createReceiver(twilio({ authToken }), {
    ...options,
    handle: {
      message: async ({ data }) => twiml(await answer(data["Body"] ?? "")),
    },
  });
}
