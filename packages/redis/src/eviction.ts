/** What Redis does when its memory is full: refuse writes, or else we refuse it. */
import { OptionError, type Opening } from "@answerback/core/backend";
import type { Connection } from "./client.ts";

/**
 * A Redis that evicts would drop records that were acknowledged.
 *
 * @throws OptionError for any `maxmemory-policy` but noeviction. Where the server does not tell, it is a warning.
 */
export async function refuseEviction(connection: Connection, warn: Opening["warn"]): Promise<void> {
  // INFO rather than CONFIG GET, which managed servers forbid
  const answers = await connection.callAll("INFO", "memory").catch(unlessForbidden);
  for (const answer of answers) {
    const policy = /^maxmemory_policy:(\S+)/m.exec(String(answer))?.[1];
    if (policy === undefined) warn({ code: "redis_policy_unknown", message: unknown });
    else if (policy !== "noeviction")
      throw new OptionError("redis: maxmemory-policy", "invalid", cure(policy));
  }
}

function unlessForbidden(error: Error): unknown[] {
  if (error.name !== "ReplyError") throw error;
  return [undefined];
}

const unknown =
  "Redis does not tell its maxmemory-policy: see that it is noeviction, or a full Redis drops what was acknowledged";

function cure(policy: string): string {
  return `it is ${policy}, and a Redis that is full would drop what was acknowledged: CONFIG SET maxmemory-policy noeviction, or take a Redis that is no cache`;
}
