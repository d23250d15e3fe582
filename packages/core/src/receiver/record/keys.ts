/** Keys of records: digests, so that nothing of an event shows in a backend, and any text can be part of one. */
import { hash, randomUUID } from "node:crypto";

/** No authenticator gives an empty name. */
const nobody = "";

/**
 * The key of an event: scoped by who sent it. Without parts a random one: nothing to deduplicate by.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.10 any.10}
 */
export function eventKey(parts: readonly unknown[] | undefined, identity: string | undefined): string {
  return digest("event", [identity ?? nobody, ...(parts ?? [randomUUID()])]);
}

/**
 * The key of a callback address, for a callback of an event that has no record.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.16 upsales.16}
 */
export function callbackKey(callbackUrl: string): string {
  return digest("callback", [callbackUrl]);
}

/** The key of an entity, whose events are handled in order: scoped by who sends them. */
export function entityKey(entity: number | string, identity: string | undefined): string {
  return digest("entity", [identity ?? nobody, entity]);
}

/**
 * The key of a body, for one that is no event.
 *
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#inbox.2 inbox.2}
 */
export function bodyKey(body: unknown, identity: string | undefined): string {
  return digest("body", [identity ?? nobody, body]);
}

/** The key of what is known of the receiver itself. */
export const fingerprintKey: string = digest("receiver", []);

/** The key of what is paused. */
export const pausesKey: string = digest("pauses", []);

/**
 * The lengths of the texts stand in front of all of them, so that nothing has to be escaped and two lists of parts never
 * read alike. Parts that are no texts stand among the lengths as JSON, and so do lone surrogates, which UTF-8 would merge.
 */
function digest(kind: string, parts: readonly unknown[]): string {
  let head = kind;
  let texts = "";
  for (const part of parts) {
    if (typeof part === "string" && part.isWellFormed()) {
      head += `,${part.length}`;
      texts += part;
    } else head += JSON.stringify([part]);
  }
  return hash("sha256", `${head}:${texts}`, "base64url");
}
