/** A Lua script: its text, put together from parts, and the name by which Redis knows it. */
import { createHash } from "node:crypto";

/** A script and the name by which Redis knows it. */
export interface Script {
  /** The text of the script. */
  readonly lua: string;
  /** The SHA-1 of the text, in hexadecimal digits. */
  readonly sha: string;
}

/** The script that these parts make, one after the other. */
export function script(...parts: readonly string[]): Script {
  const lua = parts.join("");
  return { lua, sha: createHash("sha1").update(lua).digest("hex") };
}

/** Runs a script on a shard, with the clock's offset and the linger in front of its arguments. */
export type RunScript = (script: Script, shard: string, args?: readonly (string | number)[]) => Promise<any>;
