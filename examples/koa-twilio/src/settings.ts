/** What the environment says, and what a message is answered with. */
import type { Settings } from "./receiver.ts";

const { TWILIO_AUTH_TOKEN, PUBLIC_URL } = process.env;

export const settings: Settings = {
  authToken: TWILIO_AUTH_TOKEN,
  publicUrl: PUBLIC_URL,
  answer: (words) => `You wrote ${words.length} letters.`,
};
