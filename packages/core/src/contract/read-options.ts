/** Reading an options object: every name is known, every value is of its kind, what is left out has its default. */
import { nearest } from "../lib/nearest.ts";
import { isObject, wrongKind, type Kind } from "./kinds.ts";
import { OptionError } from "./option-error.ts";

/** The options of an interface, each with the kind of its value. TypeScript holds the names to those of the interface. */
export type Kinds<Options> = { readonly [Name in keyof Options]-?: Kind };

/** Options that were read: checked, and complete. */
export type Read<Known> = {
  readonly [Name in keyof Known]: Known[Name] extends Kind<infer Value> ? Value : never;
};

/** Names that are known and that the interface does not have; TypeScript refuses each. */
type Surplus<Known, Options> = { readonly [Name in Exclude<keyof Known, keyof Options>]: never };

/**
 * Reads the options of a function.
 *
 * @param owner The function that takes them, for the errors: `"redis"`.
 * @param known Exactly the names of the interface, each with the kind of its value.
 * @throws OptionError `invalid` for what is no object, `unknown` for a name that is not known, with the name that was
 *   probably meant; and the error of a kind.
 * @example
 * const { maxKeys } = readOptions("memory", options, { maxKeys: withDefault(wholeNumber, 100_000) });
 */
export function readOptions<Options extends object, const Known extends Kinds<Options>>(
  owner: string,
  options: Options,
  known: Known & Surplus<Known, Options>,
): Read<Known> {
  const inFront = owner === "createReceiver" ? "" : `${owner}: `;
  return read(options, known, { whole: `${owner}: options`, part: (name) => `${inFront}${name}` });
}

/**
 * Refuses arguments that a function would drop without a word.
 *
 * @param owner The function, for the error: `"sqlite"`.
 * @throws OptionError `invalid` for more arguments than `most`.
 */
export function takesAtMost(most: number, owner: string, given: ArrayLike<unknown>): void {
  if (given.length <= most) return;
  const takes = most === 1 ? "one argument" : `${most} arguments`;
  const cure =
    most === 0
      ? "it takes no options; leave them out"
      : `it takes ${takes}, and would drop the rest; write options as one object, values as one list`;
  throw new OptionError(owner, "invalid", cure);
}

/** An option that is an object with options of its own: `concurrency.runs`. */
export function partsOf<const Known extends Readonly<Record<string, Kind>>>(known: Known): Kind<Read<Known>> {
  return (option, value) => read(value, known, { whole: option, part: (name) => `${option}.${name}` });
}

interface Naming {
  /** The name of the object itself. */
  readonly whole: string;
  /** The name of one of its options. */
  readonly part: (name: string) => string;
}

function read<Known extends Readonly<Record<string, Kind>>>(
  options: unknown,
  known: Known,
  { whole, part }: Naming,
): Read<Known> {
  const names = Object.keys(known);
  if (!isObject(options)) throw wrongKind(whole, options, `an object, such as { ${names[0]}: … }`);
  const wrong = Object.keys(options).find((name) => !Object.hasOwn(known, name));
  if (wrong !== undefined) throw unknown(part(wrong), wrong, names);
  const given = options as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    names.map((name) => [name, known[name]!(part(name), given[name])]),
  ) as Read<Known>;
}

function unknown(option: string, wrong: string, names: readonly string[]): OptionError {
  const near = nearest(wrong, names);
  const offer = near ? `did you mean ${near}?` : `the options are ${names.join(", ")}`;
  return new OptionError(option, "unknown", `there is no option ${wrong}; ${offer}`);
}
