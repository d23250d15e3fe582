/** The receiver: who is let in, and what a message is answered with. */
import { createReceiver, type ReceiverOptions } from "@answerback/core";
import { telegram } from "@answerback/providers/telegram";

/** What the process hands in, and a test in its place. */
export interface Settings extends Pick<ReceiverOptions, "backend" | "observe" | "onError"> {
  /** What was given to `setWebhook` as its `secret_token`. */
  readonly secretToken: string | undefined;
  /** What the bot is there for: the words that go back to whoever wrote some. */
  readonly answer: (words: string) => Promise<string> | string;
}

export function makeReceiver({ secretToken, answer, ...options }: Settings) {
  return createReceiver(telegram({ secretToken }), {
    ...options,
    // Telegram sends to HTTPS only; who sends shows in the signature, wherever TLS ends
    requireHttps: false,
    handle: {
      message: async ({ data }) => ({
        method: "sendMessage",
        chat_id: data.chat.id,
        text: await answer(String(data["text"] ?? "")),
      }),
    },
  });
}
