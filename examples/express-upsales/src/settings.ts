/** What the environment says. */
import type { Settings } from "./receiver.ts";

const { UPSALES_KEY, CRUNCH_SECONDS = "0" } = process.env;

export const settings: Settings = { key: UPSALES_KEY, crunchSeconds: Number(CRUNCH_SECONDS) };
