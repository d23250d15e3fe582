/** The receiver names that are open on each backend object: a name has one receiver, a backend closes with its last name. */
import type { Backend } from "../contract/backend.ts";
import { OptionError } from "../contract/option-error.ts";

const open = new WeakMap<Backend<any>, Set<string>>();

/**
 * Takes a name on a backend.
 *
 * @throws OptionError `taken` when a receiver with this name is open.
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.10 any.10}
 */
export function takeName(backend: Backend<any>, name: string): void {
  const names = open.get(backend) ?? new Set();
  if (names.has(name)) {
    throw new OptionError(
      "name",
      "taken",
      `a receiver "${name}" is open on this backend already; close it first, or give one of them another name`,
    );
  }
  open.set(backend, names.add(name));
}

/** Frees a name. Returns `true` when it was the last on the backend. */
export function freeName(backend: Backend<any>, name: string): boolean {
  const names = open.get(backend);
  names?.delete(name);
  return names?.size === 0;
}
