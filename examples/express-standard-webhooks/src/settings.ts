/** What the environment says, and what is done when somebody signs up. */
import type { Settings } from "./receiver.ts";

export const settings: Settings = {
  secret: process.env["WEBHOOK_SECRET"],
  welcome: (userId) => console.log(`Welcome, ${userId}`),
};
