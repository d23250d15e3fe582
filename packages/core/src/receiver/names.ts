/** The receiver names that are open in this process: one receiver a name and address, and a backend closes with its last name. */
import type { Backend } from "../contract/backend.ts";
import { OptionError } from "../contract/option-error.ts";

/** The names that are open on each backend object. */
const byBackend = new WeakMap<Backend<any>, Set<string>>();

/** The addresses at which a name is open, with the name. */
const open = new Set<string>();

/**
 * Takes a name on a backend, wherever else its records may be reached from in this process.
 *
 * @throws OptionError `taken` when a receiver with this name is open.
 * @see {@link https://github.com/answerback/answerback/blob/main/PROTOCOLS.md#any.10 any.10}
 */
export function takeName(backend: Backend<any>, name: string): void {
  const place = placeOf(backend, name);
  if (open.has(place)) throw new OptionError("name", "taken", taken(name));
  open.add(place);
  byBackend.set(backend, (byBackend.get(backend) ?? new Set()).add(name));
}

/** Frees a name. Returns `true` when it was the last on the backend. */
export function freeName(backend: Backend<any>, name: string): boolean {
  open.delete(placeOf(backend, name));
  const names = byBackend.get(backend);
  names?.delete(name);
  return names?.size === 0;
}

function placeOf(backend: Backend<any>, name: string): string {
  const address = backend.address ?? [backend];
  return JSON.stringify([
    ...address.map((part) => (Object(part) === part ? numberOf(part as object) : part)),
    name,
  ]);
}

const numbers = new WeakMap<object, { readonly object: number }>();
let lastNumber = 0;

/** An object as a part of an address: its number, which no other object has. */
function numberOf(object: object): { readonly object: number } {
  const number = numbers.get(object) ?? { object: (lastNumber += 1) };
  numbers.set(object, number);
  return number;
}

function taken(name: string): string {
  return `a receiver "${name}" is open in this process, with its records at the same place, so that each of the two would swallow events of the other; give one of them another name, such as "${name}-2", or close it first`;
}
