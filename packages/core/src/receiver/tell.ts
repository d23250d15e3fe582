/** Whatever is refused, failed, dropped or dead is told here, once: to `onError`, else as a warning. */
import type { ErrorCode } from "../contract/errors.ts";
import type { Warning } from "../contract/warning.ts";
import type { Clock } from "../lib/clock.ts";
import { isPromise } from "../lib/maybe-promise.ts";
import type { ErrorFacts, ReceiverOptions } from "./options.ts";
import { times } from "./patience.ts";
import { codeOf, sentenceOf, Thrown } from "./thrown.ts";

/** What is known of an error beside itself. */
export type Circumstances = Omit<ErrorFacts, "receiver" | "code">;

/** Tells an error, unless it, or what caused it, was told before. */
export type Tell = (error: unknown, circumstances: Circumstances) => void;

/** What telling needs. */
export interface TellOptions {
  /** The receiver's name. */
  readonly receiver: string;
  readonly warn: (warning: Warning) => void;
  readonly onError: ReceiverOptions["onError"];
  readonly clock: Clock;
}

/** How a receiver tells. Without `onError` an error is a warning, once a minute and code. */
export function createTell({ receiver, onError, warn, clock }: TellOptions): Tell {
  const told = new WeakSet<object>();
  const warnedAt = new Map<string, number>();

  function warnOf(error: unknown, code: string, name: string | undefined): void {
    const now = clock.now();
    const last = warnedAt.get(code);
    if (last !== undefined && now - last < times.tellAgain) return;
    warnedAt.set(code, now);
    const cure = error instanceof Thrown ? "; hand in onError to see it" : "";
    const event = name === undefined ? "" : `${name}: `;
    warn({ code, message: `${receiver}: ${event}${sentenceOf(error)}${cure}` });
  }

  return (error, circumstances) => {
    // a handler's own error is passed on as it was thrown, for the tools that collect errors
    const thrown = error instanceof Thrown && circumstances.stage === "run" ? error.cause : error;
    if (told.has(Object(thrown))) return;
    // a delivery is refused with errors that many share, and each delivery is told
    if (circumstances.status === undefined && typeof thrown === "object" && thrown !== null) told.add(thrown);
    const code = codeOf(error);
    const { stage, name } = circumstances;
    if (onError) onError(thrown, { receiver, code, ...circumstances });
    else if (!expected.has(code)) warnOf(error, code === "failed" ? `${stage}_failed` : code, name);
  };
}

/** What happens to receivers that work as they should. Only `onError` hears of it. */
const expected = new Set<ErrorCode>(["permanent", "retry_later", "running", "closing"]);

/** A function of the user's that only looks on. When it throws, or rejects, that fails nothing; `failed` hears with what. */
export function lookingOn<Args extends unknown[]>(
  look: (...args: Args) => unknown,
  failed: (error: unknown) => void,
): (...args: Args) => void {
  return (...args) => {
    try {
      const looking = look(...args);
      if (isPromise(looking)) Promise.resolve(looking).catch(failed);
    } catch (error) {
      failed(error);
    }
  };
}
