/** The codes of warnings, of all packages: what each means, and what to do about it. The page of messages is made from here. */

/** What works, but probably not as it was meant. Without `onError`, a warning may have the code of an error, too. */
export type WarningCode =
  /**
   * Events are acknowledged early while their records are in memory: a restart would lose them.
   *
   * @cure Take a durable backend: `sqlite()`, `redis()` or `postgres()`.
   */
  | "accepted_in_memory"
  /**
   * The `authorize` of the inspector threw, and the request was refused.
   *
   * @cure Mend it; the message says what it threw.
   */
  | "authorize_failed"
  /**
   * The backend answers again, after it was away.
   *
   * @cure Nothing: what was due goes on by itself.
   */
  | "backend_back"
  /**
   * The handler returned a callback, and there is nowhere to send it: the delivery came without an address, or the
   * address was used.
   *
   * @cure Return a callback only where `event.callback` says that there is an address.
   */
  | "callback_dropped"
  /**
   * Fields of a callback stand beside it, where the provider does not read them.
   *
   * @cure Put them into it: `return { callback: { notify } }`.
   */
  | "callback_misplaced"
  /**
   * The callback has about as many bytes as the provider takes.
   *
   * @cure Send less, such as a link to the rest.
   */
  | "callback_near_limit"
  /**
   * The engine that carries the work has been away for a while: what is due waits.
   *
   * @cure Bring the engine of the queue back. Nothing is lost.
   */
  | "carrier_away"
  /**
   * The receiver has closed, and its backend could not.
   *
   * @cure Nothing, as the process ends; else look at the engine.
   */
  | "close_failed"
  /**
   * The in-memory backend keeps no more dead letters, and dropped the oldest.
   *
   * @cure Look after them, raise `maxDead` of `memory()`, or take a durable backend.
   */
  | "dead_letter_dropped"
  /**
   * A Postback config is registered with so few attempts that an event is soon lost.
   *
   * @cure Register at least 3.
   */
  | "few_attempts"
  /**
   * What `createFetchHandler` was given of its host threw: `waitUntil` or `follow`. The reply went out all the same, but what goes
   * on behind it may be frozen, or a callback posted that could have gone inline.
   *
   * @cure Mend it; the message says what it threw. Many a `waitUntil` has to be called as a method, or within a request alone.
   */
  | "host_failed"
  /**
   * A request to the inspector failed.
   *
   * @cure The message has the error.
   */
  | "inspector_failed"
  /**
   * The in-memory backend is full, and forgot the key of an event before its retention was over: a duplicate of it is
   * handled again.
   *
   * @cure Raise `maxKeys` or `maxAnswerBytes` of `memory()`, or take a durable backend.
   */
  | "key_forgotten_early"
  /**
   * The answer came after the acknowledgement, and parts of it travel in the reply alone.
   *
   * @cure Answer in time, or put what matters into the callback.
   */
  | "late_answer_dropped"
  /**
   * No backend was given: records are in memory, and a restart forgets them.
   *
   * @cure Hand in a durable backend, or `memory()`, which says that it is meant.
   */
  | "memory_forgets"
  /**
   * An event has no key, so it may be handled twice.
   *
   * @cure Make the handler idempotent. For Uphance, `sameUpdateWithin` gives a key.
   */
  | "no_key"
  /**
   * The host may freeze the process when a reply is out, and `createFetchHandler` has no `waitUntil` to hand it what goes on.
   *
   * @cure Give `waitUntil`, as an option or beside the request, and have what is due later worked by a process that stays, or
   *   by a cron route that awaits `receiver.idle()`.
   */
  | "no_wait_until"
  /**
   * `notify` of a callback reaches nobody: the run has no user, and the callback names none.
   *
   * @cure Add `notifyUserIds` or `notifyAll`.
   */
  | "notify_without_recipient"
  /**
   * The option `onError` threw.
   *
   * @cure Mend it: it must not throw.
   */
  | "onError_failed"
  /**
   * The handling of all events, or of some types, is paused; told at once, and each minute while it lasts.
   *
   * @cure `receiver.records.resume()`, or `npx answerback resume`, when it was long enough.
   */
  | "paused"
  /**
   * The provider sends to HTTPS only, and plain HTTP is let in.
   *
   * @cure Set `requireHttps: true`, with the framework's proxy trust where TLS ends before it; or write out `false`.
   */
  | "plain_http"
  /**
   * Another process has opened a receiver of this name that differs in provider, authentication or events.
   *
   * @cure Give each receiver a `name` of its own, or all processes of one receiver the same handlers. During a
   * deployment it is to be expected.
   */
  | "receiver_differs"
  /**
   * An adapter was answered with an error, which should never happen; the provider got a 500.
   *
   * @cure Report it.
   */
  | "receiver_rejected"
  /**
   * Redis does not tell its `maxmemory-policy`.
   *
   * @cure See that it is `noeviction`: else a full Redis drops what was acknowledged.
   */
  | "redis_policy_unknown"
  /**
   * The `refuse` of a provider threw, or gave no reply: the usual refusal went out.
   *
   * @cure Mend the provider.
   */
  | "refuse_failed"
  /**
   * The pause has ended.
   *
   * @cure Nothing: what waited is due.
   */
  | "resumed"
  /**
   * A field of an event differs from the provider's page; the event was handed over as it came.
   *
   * @cure Look at the field before you rely on it. `schema: "strict"` refuses such events instead.
   */
  | "schema_drift"
  /**
   * A secret in a URL has fewer than 16 characters, and can be guessed.
   *
   * @cure Take 32 random ones.
   */
  | "short_secret"
  /**
   * `userAppData` of a callback belongs to nobody: the run has no user.
   *
   * @cure Leave it out where `event.user` is not there.
   */
  | "user_app_data_without_user"
  /**
   * The option `warn` threw.
   *
   * @cure Mend it: it must not throw.
   */
  | "warn_failed"
  /**
   * `whenDead` threw, or gave what cannot be posted: nobody was told of the dead letter.
   *
   * @cure Mend it; the dead letter is kept.
   */
  | "when_dead_failed";
