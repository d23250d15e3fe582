/** An alarm rings once, with its reason, for all who listen: an AbortSignal for our own use, which every delivery can afford. */

export class Alarm {
  #listeners: Set<(reason: unknown) => void> | undefined;
  #rung: { readonly reason: unknown } | undefined;

  get hasRung(): boolean {
    return this.#rung !== undefined;
  }

  /** Only the first time counts. */
  ring(reason: unknown): void {
    if (this.#rung) return;
    this.#rung = { reason };
    for (const listener of this.#listeners ?? []) listener(reason);
    this.#listeners = undefined;
  }

  /** Calls `then` with the reason when it rings, or now if it has. Returns the way to stop listening. */
  heard(then: (reason: unknown) => void): () => void {
    if (this.#rung) then(this.#rung.reason);
    else (this.#listeners ??= new Set()).add(then);
    return () => void this.#listeners?.delete(then);
  }

  throwIfRung(): void {
    if (this.#rung) throw this.#rung.reason;
  }
}
