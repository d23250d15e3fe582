/** What the environment says, and what a message is answered with. */
import type { Settings } from "./receiver.ts";

export const settings: Settings = {
  secretToken: process.env["TELEGRAM_SECRET"],
  answer: (words) => `You wrote ${words.length} letters.`,
};
