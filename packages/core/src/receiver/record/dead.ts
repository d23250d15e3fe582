/** What became a dead letter is observed: once, whatever its cause. */
import type { Failure } from "../../contract/callback-terms.ts";
import type { DeadObservation } from "../observe.ts";
import type { Runtime } from "../runtime.ts";
import { failureOf, sentenceOf } from "../thrown.ts";

/** Why something is a dead letter: the error for the record, and the sentence for whoever watches. */
export interface CauseOfDeath {
  readonly error: Failure;
  readonly reason: string;
}

/** The cause of death that an error is. */
export function causeOf(error: unknown): CauseOfDeath {
  return { error: failureOf(error), reason: sentenceOf(error) };
}

/** Tells the observer of a dead letter. */
export function observeDead(
  { observe, name: receiver }: Runtime,
  letter: Pick<DeadObservation, "key" | "work" | "type" | "name" | "id">,
  { error, reason }: CauseOfDeath,
): void {
  observe({ kind: "dead", outcome: "dead", receiver, ...letter, code: error.code, reason });
}
