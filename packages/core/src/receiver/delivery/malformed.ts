/** A body that is not the provider's, kept as a dead letter so that somebody can look at it. */
import { alike, type Answered } from "../event/answered.ts";
import { isRecord } from "../../decoding/json.ts";
import { acknowledgement } from "../event/encoding.ts";
import { Hold } from "../record/hold.ts";
import { bodyKey } from "../event/keys.ts";
import type { Runtime } from "../runtime.ts";
import { writeNote, writeWork } from "../event/work.ts";

/** What was malformed, why, and who sent it. */
export interface Malformed {
  readonly body: unknown;
  readonly error: unknown;
  readonly identity: string | undefined;
}

/** Acknowledges a malformed body and keeps it: the option `malformed: "acknowledge"`. */
export async function acknowledgeMalformed(runtime: Runtime, malformed: Malformed): Promise<Answered> {
  await buryBody(runtime, malformed);
  return { ...alike("failed", acknowledgement(runtime.provider)), code: "malformed" };
}

/** Keeps a malformed body under its digest, once: another delivery of it adds none. */
export async function buryBody(runtime: Runtime, { body, error, identity }: Malformed): Promise<void> {
  const hold = new Hold(runtime, bodyKey(body, identity));
  const { state } = await hold.claim();
  if (state !== "claimed") return;
  const answer = JSON.stringify(acknowledgement(runtime.provider));
  const work = writeWork({ kind: "malformed", body: withoutSecrets(body, runtime.provider.secrets) });
  await hold.save({ answer, work, note: writeNote(error), forMs: null });
}

/** A text that could not be parsed may hold them anywhere. */
function withoutSecrets(body: unknown, secrets: readonly string[] = []): unknown {
  if (secrets.length === 0) return body;
  return isRecord(body)
    ? Object.fromEntries(Object.entries(body).filter(([field]) => !secrets.includes(field)))
    : undefined;
}
