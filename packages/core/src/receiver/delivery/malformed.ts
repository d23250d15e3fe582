/** A body that is not the provider's, kept as a dead letter so that somebody can look at it. */
import { isRecord } from "../../decoding/json.ts";
import { acknowledgement } from "../event/encoding.ts";
import { sameForAll, toStored, type EventResult } from "../outcome.ts";
import { aboutNothing } from "../record/about.ts";
import { bodyKey } from "../record/keys.ts";
import { causeOf, observeDead } from "../record/dead.ts";
import { Lease } from "../record/lease.ts";
import { dead, toDo } from "../record/stored.ts";
import type { Runtime } from "../runtime.ts";
import { asOurs } from "../thrown.ts";

/** What was malformed, why, and who sent it. */
export interface Malformed {
  readonly body: unknown;
  readonly error: unknown;
  readonly identity: string | undefined;
}

/** Acknowledges a malformed body and keeps it: the option `malformed: "acknowledge"`. */
export async function acknowledgeMalformed(runtime: Runtime, malformed: Malformed): Promise<EventResult> {
  await buryBody(runtime, malformed);
  return { ...sameForAll("failed", acknowledgement(runtime)), error: asOurs(malformed.error) };
}

/** Keeps a malformed body under its digest, once: another delivery of it adds none. It is told each time. */
export async function buryBody(runtime: Runtime, { body, error, identity }: Malformed): Promise<void> {
  const lease = new Lease(runtime, bodyKey(body, identity));
  const { key } = lease;
  runtime.tell(error, { stage: "decode", key });
  const { state } = await lease.claim(aboutNothing);
  if (state !== "claimed") return;
  const answer = toStored(acknowledgement(runtime));
  const work = toDo({ kind: "malformed", body: withoutSecrets(body, runtime.provider.secrets) });
  const cause = causeOf(error);
  if (await lease.save({ answer, ...work, ...dead(runtime, cause.error) }))
    observeDead(runtime, { key, work: "malformed body" }, cause);
}

/** A text that could not be parsed may hold a secret anywhere, so nothing of it is kept. */
function withoutSecrets(body: unknown, secrets: readonly string[] = []): unknown {
  if (secrets.length === 0) return body;
  return isRecord(body)
    ? Object.fromEntries(Object.entries(body).filter(([field]) => !secrets.includes(field)))
    : undefined;
}
