/** The codes of errors: what each means, and what to do about it. The page of messages is made from here. */

/** Why a delivery was refused, a run failed, a post did not arrive, or a call to the receiver was in vain. */
export type ErrorCode =
  /**
   * No, wrong or ambiguous credentials. The message says what is missing or wrong, and nothing of what was sent.
   *
   * @cure Compare the password or the secret that the provider has with the option `authenticate`, or with the secret that
   * a provider which signs was made with. Of a wrong signature, see also that no parser or proxy changes the body, and that
   * the clock is right.
   */
  | "unauthorized"
  /**
   * The delivery came over plain HTTP, and `requireHttps` is set.
   *
   * @cure Where TLS ends at a proxy, let the framework trust it: `app.set("trust proxy", …)` of Express, `app.proxy =
   * true` of Koa.
   */
  | "https_required"
  /**
   * The body is not what the provider sends, or a stored record cannot be read.
   *
   * @cure The message names each path and what was expected there. Where the provider has changed, mend its schema;
   * of a stored record, discard it.
   */
  | "malformed"
  /**
   * The body is larger than `bodyLimit`.
   *
   * @cure Raise `bodyLimit`, if the provider may rightly send as much.
   */
  | "too_large"
  /**
   * The body has a media type, charset or content coding that the provider does not use.
   *
   * @cure See what the provider is set to send. A provider of your own names its types in `accepts`, and says
   * `inflate` where it compresses.
   */
  | "unsupported_media_type"
  /**
   * The body was not there within `bodyWithin`.
   *
   * @cure A slow or broken connection, and the provider sends again. Where it is usual, look at the proxy in between,
   * or raise `bodyWithin`.
   */
  | "timeout"
  /**
   * The provider broke the body off.
   *
   * @cure Nothing: it sends again. Where it is usual, look at the proxy in between.
   */
  | "aborted"
  /**
   * Another parser read the body and left nothing of it.
   *
   * @cure Mount Answerback before `express.json()` and its like.
   */
  | "body_already_read"
  /**
   * More deliveries than `maxConcurrent`, or more bytes than `maxBytesInFlight`, at a time.
   *
   * @cure Let handlers answer sooner, with a shorter `answerWithin` on a durable backend; raise the limit; or add
   * processes.
   */
  | "overloaded"
  /**
   * The event, or another event of its entity, is still being handled.
   *
   * @cure Nothing: the provider sends it again, and gets the answer then.
   */
  | "running"
  /**
   * The receiver is closing, or has closed.
   *
   * @cure Nothing while a process ends. In one that should serve, look for who calls `receiver.close()`.
   */
  | "closing"
  /**
   * The backend did not answer, or not sensibly, within `backendWithin`.
   *
   * @cure Bring the engine back; its own words are in the message. Nothing has to be restarted.
   */
  | "backend_away"
  /**
   * The keys that a token is judged by could not be fetched.
   *
   * @cure See that the process reaches the address of the keys; the provider sends again.
   */
  | "keys_away"
  /**
   * The handling of the event is paused, and the event cannot wait here.
   *
   * @cure `receiver.records.resume()`, or `npx answerback resume`.
   */
  | "paused"
  /**
   * The in-memory backend has `maxPending` records that are held or have work.
   *
   * @cure Take a durable backend, or raise `maxPending` of `memory()`.
   */
  | "backend_full"
  /**
   * Another process took the event over.
   *
   * @cure Nothing for one event. Where it is usual, look for processes that stand still for longer than a lease of a
   * minute.
   */
  | "lease_lost"
  /**
   * The handler threw `PermanentError`.
   *
   * @cure It was meant: the event is a dead letter. After the cause is mended, `receiver.records.retry(key)`.
   */
  | "permanent"
  /**
   * The handler threw `RetryLater`.
   *
   * @cure It was meant: the event is handled again.
   */
  | "retry_later"
  /**
   * The handler, or another function of yours, threw any other error.
   *
   * @cure Hand in `onError`, which gets the error as it was thrown, and mend what threw it.
   */
  | "failed"
  /**
   * The handler did not finish within `handleWithin`.
   *
   * @cure Pass its `signal` to what it waits for, or raise `handleWithin`.
   */
  | "handler_timeout"
  /**
   * The answer is not one that the provider reads.
   *
   * @cure The message names the field and what was expected. Return a plain object of the form that the provider
   * reads.
   */
  | "invalid_answer"
  /**
   * The callback has as many bytes as the provider's limit, or more.
   *
   * @cure Send less, such as a link to the rest.
   */
  | "callback_too_large"
  /**
   * The callback address is not one that the provider's terms allow.
   *
   * @cure If it is rightly the provider's, name its host in its own option `callbackHosts`, or in `callback.hosts` of
   * your own provider; then retry the dead letter.
   */
  | "callback_url_refused"
  /**
   * The provider refused a callback whose address cannot have been used before.
   *
   * @cure See what the provider says of the status in the message; then retry the dead letter, or discard it.
   */
  | "callback_rejected"
  /**
   * A post of a callback failed, for now or for good.
   *
   * @cure For now it is sent again by itself. A dead letter is sent by hand, with `receiver.records.retry(key)`, once
   * its address is there again.
   */
  | "callback_failed"
  /**
   * The callback address has ended, by the provider's terms.
   *
   * @cure Answer sooner. The callback cannot be sent any more: discard it.
   */
  | "callback_expired"
  /**
   * The callback address has no use left that may be spent.
   *
   * @cure Post fewer partial answers: the last use is the answer's.
   */
  | "callback_spent"
  /**
   * The handler returned `later()`, and `receiver.answer` was not called in time.
   *
   * @cure Look for what should have called `receiver.answer(event.key, …)`.
   */
  | "unanswered"
  /**
   * The last of `maxAttempts` runs was begun, and its process ended before the run did.
   *
   * @cure Look for what ends the process: memory, an error outside of promises, a deployment that kills too early.
   * Then retry the dead letter.
   */
  | "attempts_used_up"
  /**
   * This process has no handler for the event.
   *
   * @cure Give all processes of one receiver the same handlers, or one for `"*"`.
   */
  | "no_handler"
  /**
   * No record has this key.
   *
   * @cure See that the key and the name of the receiver are right; a record is forgotten after its retention.
   */
  | "unknown_key"
  /**
   * The record is in a state that the call cannot work on, or in the hands of somebody else.
   *
   * @cure Look at the record, with `receiver.records.get(key)`, and call again.
   */
  | "wrong_state";
