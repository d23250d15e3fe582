/** What the environment says, and what is done with a message. */
import type { Settings } from "./receiver.ts";

export const settings: Settings = {
  password: process.env["INBOX_PASSWORD"],
  show: ({ title, externalCustomerId }) => console.log(`"${title}" for ${externalCustomerId}`),
};
