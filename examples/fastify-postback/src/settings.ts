/** What the environment says. */
import type { Settings } from "./receiver.ts";

const { POSTBACK_PASSWORD, POSTBACK_PASSWORD_OLD } = process.env;

export const settings: Settings = { password: POSTBACK_PASSWORD, oldPassword: POSTBACK_PASSWORD_OLD };
