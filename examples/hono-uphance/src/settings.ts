/** What the environment says, and what is done with a pick ticket that was shipped. */
import type { Settings } from "./receiver.ts";

export const settings: Settings = {
  secret: process.env["UPHANCE_SECRET"],
  ship: ({ id }) => console.log(`Pick ticket ${id} is on its way`),
};
