/** `createReceiver`: puts a provider, authenticators, handlers and a backend together. */
import { memory } from "../backends/memory.ts";
import type { DeliveryReceiver } from "../contract/delivery.ts";
import { aProvider } from "../contract/define-provider.ts";
import type { Duration } from "../contract/duration.ts";
import { AnswerbackError } from "../contract/errors.ts";
import { aFunction, duration, withDefault } from "../contract/kinds.ts";
import type { EventSpecs } from "../contract/event-spec.ts";
import type { Provider } from "../contract/provider.ts";
import { readOptions, takesAtMost } from "../contract/read-options.ts";
import type { Register, RegistrationOptions } from "../contract/registration.ts";
import { withTimeout } from "../lib/timeout.ts";
import { answerLater, type AnswerOptions } from "./admin/answer-later.ts";
import { deadLettersOf, type DeadLetters } from "./admin/dead-letters.ts";
import { find, ready, type Found } from "./admin/found.ts";
import { recordsOf, type ReceiverRecords } from "./admin/records.ts";
import { register } from "./admin/register.ts";
import { createRuntime } from "./create-runtime.ts";
import { receive } from "./delivery/receive.ts";
import { attach } from "./follow.ts";
import type { AnyAnswer, Handle, Unjudged } from "./handler.ts";
import { freeName, takeName } from "./names.ts";
import type { Authenticating, OptionsFor } from "./options.ts";
import { defaultTimes } from "./patience.ts";
import type { Observation } from "./observe.ts";
import type { Runtime } from "./runtime.ts";
import { toSettings } from "./settings.ts";
import { createWorker, workNext } from "./worker.ts";

/** Receives and answers the deliveries of a provider, without a framework. */
export interface Receiver<Answer = any, Registering extends Register = Register> extends DeliveryReceiver {
  /** The name that scopes the event keys, and that `observe` gets. */
  readonly name: string;
  /**
   * Brings the answer of an event whose handler returned `later()`, in any process on the backend: posts its callback.
   * Resolves when the post has ended, well or not; a post that failed is tried again in the background.
   *
   * @param key The event's key: `event.key`.
   * @param answer What the handler might have returned; it must hold a callback.
   * @param options `final`: `false` for a partial answer, after which the event waits on; its callback address must be good
   *   for more than one use. Default `true`.
   * @throws OptionError `missing`, `empty` or `invalid` for what is no key.
   * @throws AnswerbackError `unknown_key` for a key without a record; `wrong_state` for an event that does not wait for an
   *   answer, or that somebody else has in hand; `invalid_answer`, `callback_too_large` and `callback_url_refused` for an
   *   answer that cannot be posted, after which the event waits on; `backend_away`. With `final: false` also
   *   `callback_spent`, `callback_expired`, `callback_rejected` and `callback_failed`.
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#upsales.18 upsales.18}
   */
  answer(key: string, answer: Answer, options?: AnswerOptions): Promise<void>;
  /** Does a handler, save or post of this receiver run in this process? */
  isBusy(): boolean;
  /**
   * Resolves when no handler, save or post of this receiver runs in this process, and no record is due.
   *
   * @throws AnswerbackError `backend_away`.
   */
  idle(): Promise<void>;
  /**
   * Resolves when the backend answers: for start-up, and for health routes.
   *
   * @throws AnswerbackError `backend_away`, with the engine's own error as its cause.
   * @example
   * await receiver.ready();
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.22 any.22}
   */
  ready(): Promise<void>;
  /**
   * Closes the receiver: refuses new deliveries, waits for what runs, aborts what has not ended `within`, and gives back
   * the records that it holds. The backend closes with its last receiver. A later call waits for the same end.
   *
   * @param options `within`: how long to wait for what runs. Default `"10s"`.
   * @throws OptionError `invalid` when `within` is not a duration, and `unknown`: it rejects, and nothing is closed.
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.19 any.19}
   */
  close(options?: { readonly within?: Duration }): Promise<void>;
  /** The records of the receiver: listed, counted, looked at, retried, discarded, erased; and its work paused. */
  readonly records: ReceiverRecords;
  /** Events and callbacks that the receiver gave up: its records in this one state. */
  readonly deadLetters: DeadLetters;
  /**
   * Hears of each delivery, run, post and dead letter in this process, as the option `observe` does.
   *
   * @returns The function that stops it.
   * @throws OptionError `missing` or `invalid` for what is no function.
   * @example
   * const stop = receiver.watch(({ kind, outcome, name }) => console.log(kind, outcome, name));
   */
  watch(listener: (record: Observation) => void): () => void;
  /**
   * Says what became of an event.
   *
   * @param key The event's key: `event.key`.
   * @returns The event's record in words; `undefined`: nothing is known of the event.
   * @throws OptionError `missing`, `empty` or `invalid` for what is no key.
   * @throws AnswerbackError `backend_away`.
   */
  find(key: string): Promise<Found | undefined>;
  /**
   * Says what must be registered with the provider.
   *
   * @param options `url`: the public address at which the receiver is mounted; and what the provider asks for besides.
   * @returns Data to send or paste. It may hold secrets.
   * @throws OptionError `unknown` where the provider does not say what to register; `missing`, `empty`, `invalid` or
   *   `out_of_range` for an option that the provider does not take.
   * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#register.1 register.1} to {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#register.3 register.3}
   */
  registration(options: RegistrationOptions & Parameters<Registering>[1]): ReturnType<Registering>;
}

/**
 * Makes a receiver. From now on it works due records, unless `background` is `false`. It has no port of its own: mount it
 * with an adapter, or call `receive`.
 *
 * @param provider The protocol: `upsales()`, `uphance()`, `appInbox()`, `postback()`, or your own.
 * @throws OptionError for a mistake in the options, with its code; the message names the option and the cure.
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
  const Handling extends Handle<Events, Extra, Db, Unjudged>,
  Db = never,
  Given = unknown,
>(
  provider: Provider<Events, Extra, Registering> & Given,
  options: OptionsFor<Events, Extra, Handling, Db> & Authenticating<Given>,
): Receiver<AnyAnswer<Events>, Registering> {
  takesAtMost(2, "createReceiver", arguments);
  aProvider("provider", provider);
  const settings = toSettings(provider, options);
  const backend = options.backend ?? memory({ clock: settings.clock });
  const runtime = createRuntime(settings, options, backend);
  takeName(backend, runtime.name);
  const stopWorking = runtime.background ? runtime.records.work(createWorker(runtime)) : async () => {};
  let closing: Promise<void> | undefined;

  async function close(withinMs: number): Promise<void> {
    runtime.isClosing = true;
    const stopped = Promise.all([stopWorking().catch(() => {}), runtime.tasks.ended()]);
    await withTimeout(stopped, withinMs, runtime.clock);
    runtime.shutdown.abort(new AnswerbackError("closing", "the receiver is closing"));
    await withTimeout(runtime.tasks.ended(), runtime.backendWithinMs, runtime.clock);
    detach();
    const closed = (async () => {
      await runtime.records.close().catch(() => {});
      if (freeName(backend, runtime.name)) await backend.close();
    })();
    await withTimeout(closed, runtime.backendWithinMs, runtime.clock).catch(() => {
      runtime.warn({ code: "close_failed", message: `${runtime.name}: the backend could not be closed` });
    });
  }

  const receiver: Receiver<AnyAnswer<Events>, Registering> = {
    name: runtime.name,
    receive: (delivery) => receive(runtime, delivery),
    answer: (key, answer, options) => answerLater(runtime, key, answer, options),
    ready: () => ready(runtime),
    isBusy: () => runtime.tasks.isBusy(),
    idle: () => idle(runtime),
    close(options = {}) {
      try {
        const { within } = readOptions("close", options, closeOptions);
        return (closing ??= close(within));
      } catch (error) {
        return Promise.reject(error);
      }
    },
    deadLetters: deadLettersOf(runtime),
    records: recordsOf(runtime),
    watch: (listener) => watch(runtime, listener),
    find: (key) => find(runtime, key),
    registration: (options) => register(runtime, options) as ReturnType<Registering>,
  };
  const detach = attach(runtime, receiver);
  return receiver;
}

function watch({ watchers }: Runtime, listener: (record: Observation) => void): () => void {
  const watcher = { listener: aFunction("watch: listener", listener) };
  watchers.add(watcher);
  return () => void watchers.delete(watcher);
}

const closeOptions = { within: withDefault(duration, defaultTimes.closeWithin) };

async function idle(runtime: Runtime): Promise<void> {
  do await runtime.tasks.ended();
  while (runtime.background && !runtime.isClosing && (await workNext(runtime)));
}
