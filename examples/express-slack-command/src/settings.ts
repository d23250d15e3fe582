/** What the environment says. */
import type { Settings } from "./receiver.ts";

const { SLACK_SIGNING_SECRET, CRUNCH_SECONDS = "0" } = process.env;

export const settings: Settings = {
  signingSecret: SLACK_SIGNING_SECRET,
  crunchSeconds: Number(CRUNCH_SECONDS),
};
