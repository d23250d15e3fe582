/** What the environment says, and what a command does. */
import type { Settings } from "./receiver.ts";

export const settings: Settings = {
  publicKey: process.env["DISCORD_PUBLIC_KEY"],
  run: (command) => `${command}: done`,
};
