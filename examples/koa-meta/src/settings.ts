/** What the environment says, and what is done with a message. */
import type { Settings } from "./receiver.ts";

const { META_APP_SECRET, META_VERIFY_TOKEN } = process.env;

export const settings: Settings = {
  appSecret: META_APP_SECRET,
  verifyToken: META_VERIFY_TOKEN,
  read: ({ from, text }) => console.log(`${from} wrote ${text.length} letters`),
};
