/** Keys of records: digests, so that nothing of an event shows in a backend, and any text can be part of one. */
import { hash, randomUUID } from "node:crypto";

/** The key of an event: scoped by who sent it. Without parts a random one: nothing to deduplicate by. @see any.10 */
export function eventKey(parts: readonly unknown[] | undefined, identity: string | undefined): string {
  return digest(["event", identity ?? null, ...(parts ?? [randomUUID()])]);
}

/** The key of a callback address, for a callback of an event that has no record. @see upsales.16 */
export function callbackKey(callbackUrl: string): string {
  return digest(["callback", callbackUrl]);
}

/** The key of an entity, whose events are handled in order: scoped by who sends them. */
export function entityKey(entity: number | string, identity: string | undefined): string {
  return digest(["entity", identity ?? null, entity]);
}

/** The key of a body, for one that is no event. @see inbox.2 */
export function bodyKey(body: unknown, identity: string | undefined): string {
  return digest(["body", identity ?? null, body]);
}

function digest(parts: readonly unknown[]): string {
  return hash("sha256", JSON.stringify(parts), "base64url");
}
