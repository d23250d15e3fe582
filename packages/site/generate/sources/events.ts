/** The types of a provider's events: what each carries and takes for an answer, and what its docstring says. */
import ts from "typescript-5.9";
import { checker, docOf, symbolIn } from "./declared.ts";
import { noDoc, type Doc } from "./doc.ts";

/** What is known of the type of an event. */
export interface EventType {
  /** The name of the type of its data; `""`: it has none. */
  readonly data: string;
  /** The name of the type of its answer; `""`: no answer is read, or the type has no name. */
  readonly answer: string;
  /** What its docstring says. */
  readonly doc: Doc;
}

/** The types of events, by event type, of an interface or a type such as `UpsalesEvents`. */
export function eventTypes(file: string, name: string): ReadonlyMap<string, EventType> {
  const properties = checker.getDeclaredTypeOfSymbol(symbolIn(file, name)).getProperties();
  return new Map(properties.map((property) => [property.name, eventType(property)]));
}

function eventType(property: ts.Symbol): EventType {
  const [data, answer] = checker.getTypeArguments(checker.getTypeOfSymbol(property) as ts.TypeReference);
  const node = property.declarations?.find(ts.isPropertySignature);
  return { data: nameFor(data), answer: nameFor(answer), doc: node ? docOf(node) : noDoc };
}

/** A type as people write it; `""` where it is any, nothing, or has no name. */
function nameFor(type: ts.Type | undefined): string {
  if (!type || type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return "";
  return checker.typeToString(
    type,
    undefined,
    ts.TypeFormatFlags.UseAliasDefinedOutsideCurrentScope | ts.TypeFormatFlags.NoTruncation,
  );
}
