/** Which receiver names are open on which backend object: a name has one receiver, a backend closes with its last one. */
import type { Backend } from "../backend.ts";
import { OptionError } from "../option-error.ts";

const open = new WeakMap<Backend<any>, Set<string>>();

/** Takes a name on a backend. Throws an OptionError when it is taken. @see any.10 */
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

/** Lets a name go. True: it was the backend's last. */
export function freeName(backend: Backend<any>, name: string): boolean {
  const names = open.get(backend);
  names?.delete(name);
  return names?.size === 0;
}
