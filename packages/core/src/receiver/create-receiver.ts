/** `createReceiver`: a provider, who may send, and a handler, put together. */
import { randomUUID } from "node:crypto";
import type { Worker } from "../backend.ts";
import type { DeliveryReceiver } from "../delivery.ts";
import { toMs, type Duration } from "../duration.ts";
import { AnswerbackError } from "../errors.ts";
import { memory } from "../memory.ts";
import type { EventSpecs, Provider } from "../provider.ts";
import { slots, workOn } from "./event/background.ts";
import { inTime } from "../deadline.ts";
import type { AnyAnswer, Handle } from "./handler.ts";
import { freeName, takeName } from "./names.ts";
import type { OptionsFor } from "./options.ts";
import { answerLater, deadLettersOf, find, type DeadLetters, type Found } from "./people.ts";
import type { Register, RegistrationOptions } from "../registration.ts";
import { receive } from "./delivery/receive.ts";
import { register } from "./register.ts";
import { createRuntime } from "./create-runtime.ts";
import { leaseMs, type Runtime } from "./runtime.ts";

/** A provider's deliveries, received and answered, in no framework. */
export interface Receiver<Answer = any, Registering extends Register = Register> extends DeliveryReceiver {
  /** Scopes the event keys; what `observe` calls it. */
  readonly name: string;
  /**
   * Brings the answer of an event whose handler returned `later()`; from any process on the backend.
   *
   * @see upsales.18
   */
  answer(key: string, answer: Answer): Promise<void>;
  /** Resolves when no handler, save or post of this receiver runs in this process and nothing is due now. */
  idle(): Promise<void>;
  /**
   * Refuses new deliveries, waits for what runs, aborts what does not end `within` (10 s unless given), and gives back
   * what it holds. The backend closes with its last receiver. Any call after the first waits for the same end.
   *
   * @see any.19
   */
  close(options?: { readonly within?: Duration }): Promise<void>;
  readonly deadLetters: DeadLetters;
  /** What became of the event with this key: its record, in words. */
  find(key: string): Promise<Found | undefined>;
  /**
   * What must be registered with the provider, as data to send or paste; it may hold secrets.
   *
   * @throws OptionError for what the provider does not take.
   * @see register.1 to register.3
   */
  registration(options: RegistrationOptions & Parameters<Registering>[1]): ReturnType<Registering>;
}

/**
 * Makes a receiver. It works what is due from now on, and has no port of its own: mount it with an adapter, or call
 * `receive`.
 *
 * @throws OptionError for a mistake in the options; it names the option and the cure.
 * @example
 * const receiver = createReceiver(upsales(), {
 *   authenticate: bodySecret("authenticationKey", process.env.UPSALES_KEY),
 *   handle: async (event) => ({ callback: { notify: `Crunched ${await crunch(event.data)}` } }),
 * });
 */
export function createReceiver<
  Events extends EventSpecs<Events>,
  Extra extends object,
  Registering extends Register,
  const Handling extends Handle<Events, Extra, Db>,
  Db = never,
>(
  provider: Provider<Events, Extra, Registering>,
  options: OptionsFor<Events, Extra, Handling, Db>,
): Receiver<AnyAnswer<Events>, Registering> {
  const backend = options.backend ?? memory(options.clock ? { clock: options.clock } : {});
  const runtime = createRuntime(provider, options, backend);
  takeName(backend, runtime.name);
  const stopWorking = runtime.background ? runtime.records.work(workerOf(runtime)) : async () => {};
  let closing: Promise<void> | undefined;

  async function close(withinMs: number): Promise<void> {
    runtime.closing = true;
    const stopped = Promise.all([stopWorking().catch(() => {}), runtime.tasks.ended()]);
    await inTime(stopped, withinMs, runtime.clock);
    runtime.abandoned.ring(new AnswerbackError("closing", "the receiver is closing"));
    await inTime(runtime.tasks.ended(), runtime.backendWithinMs, runtime.clock);
    const closed = (async () => {
      await runtime.records.close().catch(() => {});
      if (freeName(backend, runtime.name)) await backend.close();
    })();
    await inTime(closed, runtime.backendWithinMs, runtime.clock).catch(() => {
      runtime.warn({ code: "close_failed", message: `${runtime.name}: the backend could not be closed` });
    });
  }

  return {
    name: runtime.name,
    receive: (delivery) => receive(runtime, delivery),
    answer: (key, answer) => answerLater(runtime, key, answer),
    idle: () => idle(runtime),
    close: ({ within = "10s" } = {}) => (closing ??= close(toMs(within, "within"))),
    deadLetters: deadLettersOf(runtime),
    find: (key) => find(runtime, key),
    registration: (given) => register(runtime, given) as ReturnType<Registering>,
  };
}

/** Twice the slots, so that runs which take long do not keep the posts waiting. */
function workerOf(runtime: Runtime): Worker {
  return {
    leaseMs,
    slots: 2 * slots,
    each: (taken, token) => runtime.tasks.track(workOn(runtime, taken, token)),
    taking: (take) => void runtime.tasks.track(take),
  };
}

async function idle(runtime: Runtime): Promise<void> {
  do await runtime.tasks.ended();
  while (runtime.background && !runtime.closing && (await workNext(runtime)));
}

/** Works what is due longest. False: nothing is due, and nothing runs. */
async function workNext(runtime: Runtime): Promise<boolean> {
  const token = randomUUID();
  const taken = await runtime.records.take({ token, step: 0, leaseMs });
  if (taken) await runtime.tasks.track(workOn(runtime, taken, token));
  return taken !== undefined || runtime.tasks.busy();
}
