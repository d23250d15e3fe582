/** What is wrong with an answer, as a sentence for the compiler to print. Types alone: nothing of it runs. */
import type { CustomReply, Later } from "./answers.ts";

/**
 * The type of a field that stands in the wrong place: nothing is of this type, and its name says where the field belongs.
 *
 * @example
 * readonly notify?: Misplaced<"callback">; // an answer's notify belongs into its callback
 */
export type Misplaced<Where extends string> = `belongs into '${Where}'`;

/**
 * What is wrong with `Given` as one of the answers `Known`: a field that is misspelt, misplaced or of a wrong type, named.
 * `never`: nothing that a sentence could name. TypeScript itself lets excess fields of returned objects through (its issue
 * 7547), and explains a wrong field by the last member of a union, which is never the one that was meant.
 */
export type Mistake<Given, Known> = 0 extends 1 & Given
  ? never
  : unknown extends Known
    ? never
    : Given extends Leaf | Later | readonly unknown[]
      ? never
      : Given extends CustomReply<any>
        ? MistakeIn<Given, CustomReply<never> | Extract<Known, CustomReply<any>>>
        : MistakeIn<Given, Meant<Given, Exclude<Known, CustomReply<any>>>>;

/** What has no fields to look into. */
type Leaf =
  ((...given: any) => unknown) | string | number | bigint | boolean | symbol | null | undefined | void;

/** The members of a union of which no field is missing; all of them where that is none. */
type Meant<Given, Known> = [Whole<Given, Known>] extends [never] ? Known : Whole<Given, Known>;

type Whole<Given, Known> = Known extends object
  ? [Exclude<NeededKeys<Known>, keyof Given>] extends [never]
    ? Known
    : never
  : never;

/** The keys of the fields that an object must have. An index signature hides them from `keyof`, but not from `as`. */
type NeededKeys<Known> = keyof {
  [Key in keyof Known as string extends Key ? never : {} extends Pick<Known, Key> ? never : Key]: 1;
};

/** Of an object. @typeParam Path Where it stands, with a dot behind. */
type MistakeIn<Given, Known, Path extends string = ""> = {
  [Field in keyof Given & string]: Field extends KeysOf<Known>
    ? MistakeOf<Field, Given, Known, Path>
    : `the answer has no field '${Field}'`;
}[keyof Given & string];

type MistakeOf<Field extends keyof Given & string, Given, Known, Path extends string> =
  ValueOf<Known, Field> extends `belongs into ${infer Where}`
    ? `the answer has no field '${Path}${Field}': it belongs into ${Where}`
    : unknown extends ValueOf<Known, Field>
      ? Nearly<Field, Exclude<NamedKeys<Known>, keyof Given>>
      : MistakeAt<Exclude<Given[Field], null | undefined>, ValueOf<Known, Field>, `${Path}${Field}`>;

/** Of what stands in a field. */
type MistakeAt<Given, Known, Path extends string> = unknown extends Known
  ? never
  : Given extends readonly (infer Item)[]
    ? Known extends readonly (infer KnownItem)[]
      ? WrongType<Item, KnownItem, `${Path}[]`>
      : WrongType<Given, Known, Path>
    : Given extends Leaf
      ? WrongType<Given, Known, Path>
      : [Exclude<Known, Leaf | readonly unknown[]>] extends [never]
        ? WrongType<Given, Known, Path>
        : MistakeIn<Given, Known, `${Path}.`>;

type WrongType<Given, Known, Path extends string> = [Given] extends [Known]
  ? never
  : `the answer's '${Path}' is ${InWords<Given>}, and must be ${InWords<Known>}`;

type InWords<Type> = Type extends readonly unknown[]
  ? "a list"
  : Type extends string
    ? {} extends Record<Type, 1>
      ? string extends Type
        ? "a string"
        : never
      : `'${Type}'`
    : Type extends number
      ? "a number"
      : Type extends boolean
        ? "a boolean"
        : Type extends Leaf
          ? "no value of JSON"
          : "an object";

/** The keys of all members of a union. An index signature makes every name known. */
type KeysOf<Known> = Known extends object ? keyof Known : never;

/** The keys that are written out in some member of a union. */
type NamedKeys<Known> = Known extends object
  ? keyof { [Key in keyof Known as string extends Key ? never : Key]: 1 } & string
  : never;

type ValueOf<Known, Field> = Known extends object
  ? Field extends keyof Known
    ? Exclude<Known[Field], null | undefined>
    : never
  : never;

/** A name that is known by an index signature alone, and is one letter from a name that is written out. */
type Nearly<Field extends string, Names extends string> = Names extends string
  ? [OneOff<Lowercase<Field>> & OneOff<Lowercase<Names>>] extends [never]
    ? never
    : `the answer has no field '${Field}': is it '${Names}'?`
  : never;

/** The text, and what is left of it without one of its letters. */
type OneOff<Text extends string> = Text | WithoutOne<Text>;

type WithoutOne<Text extends string> = Text extends `${infer First}${infer Rest}`
  ? Rest | `${First}${WithoutOne<Rest>}`
  : never;
