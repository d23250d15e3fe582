/** A service of the app, as any other part of it has it injected; this one remembers the orders that it saw. */
export class Orders {
  readonly #seen = new Map<string, string>();

  see(id: string, customer: string): void {
    this.#seen.set(id, customer);
  }

  count(): number {
    return this.#seen.size;
  }
}
