/** What the environment says, and whether something is in stock. */
import type { Settings } from "./receiver.ts";

export const settings: Settings = {
  secret: process.env["ACME_SECRET"],
  // with memory, too, Acme is answered after 2.5 s: what a restart loses is this app's to say
  answerWithin: "2.5s",
  inStock: () => true,
};
