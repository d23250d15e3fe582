/** Cancelling what is under way: an AbortSignal of our own, which costs a tenth of one and is made for every run. */

/** Aborts once, with a reason, and tells all who listen. */
export class Cancellation {
  #listeners: Set<(reason: unknown) => void> | undefined;
  #aborted: { readonly reason: unknown } | undefined;

  get isAborted(): boolean {
    return this.#aborted !== undefined;
  }

  /** Aborts. Later calls change nothing. */
  abort(reason: unknown): void {
    if (this.#aborted) return;
    this.#aborted = { reason };
    for (const listener of this.#listeners ?? []) listener(reason);
    this.#listeners = undefined;
  }

  /** Calls `listener` with the reason on abort, or at once if that has happened. Returns a function that stops listening. */
  onAbort(listener: (reason: unknown) => void): () => void {
    if (this.#aborted) listener(this.#aborted.reason);
    else (this.#listeners ??= new Set()).add(listener);
    return () => void this.#listeners?.delete(listener);
  }

  /** Throws the reason if it has aborted. */
  throwIfAborted(): void {
    if (this.#aborted) throw this.#aborted.reason;
  }
}
