/** What the packages show to their users: the names that an entry exports and their members, read by a parser. */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseSync, visitorKeys, type Comment, type EcmaScriptModule } from "oxc-parser";
import { top } from "./imports.ts";

/** An exported name, or a member of one. */
export interface Declared {
  /** Where it is declared, from the top: `"packages/core/src/errors.ts"`. */
  readonly file: string;
  /** `"RetryLater"`, `"RetryLater.after"`. */
  readonly name: string;
  /** Does a docstring stand before it that says more than tags? Of overloads, and of variants of a union, before one. */
  readonly isDocumented: boolean;
}

/** The entries of a package: the files that its `exports` name as `source`, from the top. */
export function entriesOf(manifest: string): string[] {
  const { exports } = JSON.parse(readFileSync(join(top, manifest), "utf8"));
  const targets = Object.values<{ source?: string }>(exports);
  return targets.flatMap(({ source }) => source ?? []).map((source) => join(dirname(manifest), source));
}

/** The names that an entry exports; those that it hands on from another package of ours are read there. */
export function exportedNames(entry: string): Declared[] {
  return declarationsOf(entry).map(({ file, name, nodes }) => ({
    file,
    name,
    isDocumented: nodes.some((node) => isDocumented(file, node)),
  }));
}

/**
 * The members of what an entry exports, as an editor shows them: those of interfaces and of type literals, and the
 * public ones of classes; inherited ones too, if they are declared in the same package. A field whose type is one
 * literal (`kind: "attempt"`) is the tag of a union and needs no words. For the fields of an object that is itself a
 * member or a parameter, the docstring of that member or function speaks.
 */
export function exportedMembers(entry: string): Declared[] {
  const found = new Map<string, Declared>();
  const done = new Set<Node>();
  const look = ({ file, name: owner, nodes }: Declaration): void => {
    for (const node of nodes.filter((each) => !done.has(each))) {
      done.add(node);
      const { members, references } = shapeOf(node);
      for (const member of members) {
        const name = `${owner}.${nameOf(file, member)}`;
        const known = found.get(`${file} ${name}`)?.isDocumented ?? false;
        found.set(`${file} ${name}`, { file, name, isDocumented: known || isDocumented(file, member) });
      }
      for (const name of references) look(declarationOf(file, name));
    }
  };
  for (const declaration of declarationsOf(entry)) look(declaration);
  return [...found.values()];
}

interface Declaration {
  readonly file: string;
  readonly name: string;
  /** More than one for overloads, and for a type and a value of one name; none outside of the package. */
  readonly nodes: readonly Node[];
}

/** A node of the tree, as far as it matters here: its fields are those that the parser documents for its type. */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly [field: string]: any;
}

function declarationsOf(entry: string): Declaration[] {
  const { module } = parsed(entry);
  return module.staticExports
    .flatMap(({ entries }) => entries)
    .filter(({ moduleRequest }) => !moduleRequest?.value.startsWith("@answerback/"))
    .map(({ exportName }) => declarationOf(entry, exportName.name!));
}

/** Where a name that a file knows is declared: there, or in the file that it is taken from. */
function declarationOf(file: string, name: string): Declaration {
  const { body, module } = parsed(file);
  const nodes = body.filter((node) => declaredName(node.declaration ?? node) === name);
  if (nodes.length > 0) return { file, name, nodes };
  const source = sourceOf(module, name);
  if (!source?.from.startsWith(".")) return { file, name, nodes: [] };
  return declarationOf(join(dirname(file), source.from), source.name);
}

function sourceOf(module: EcmaScriptModule, name: string): { from: string; name: string } | undefined {
  for (const { entries } of module.staticExports)
    for (const { exportName, importName, moduleRequest } of entries)
      if (exportName.name === name && moduleRequest)
        return { from: moduleRequest.value, name: importName.name! };
  for (const { entries, moduleRequest } of module.staticImports)
    for (const { localName, importName } of entries)
      if (localName.value === name) return { from: moduleRequest.value, name: importName.name ?? name };
  return undefined;
}

function declaredName(node: Node): string | undefined {
  return node["id"]?.name ?? node["declarations"]?.[0].id.name;
}

/** The members of a declaration, and the names of the types that it is made of. */
function shapeOf(declaration: Node): { members: Node[]; references: string[] } {
  const members: Node[] = [];
  const references: string[] = [];
  const visit = (node: Node): void => {
    if (opaque.has(node.type)) return;
    if (memberTypes.has(node.type)) return void (isShown(node) && members.push(node));
    const reference = node["typeName"] ?? (node.type === "TSInterfaceHeritage" && node["expression"]);
    if (reference?.type === "Identifier") references.push(reference.name);
    for (const child of childrenOf(node)) visit(child);
  };
  visit(declaration);
  return { members, references };
}

const memberTypes = new Set([
  "TSPropertySignature",
  "TSMethodSignature",
  "PropertyDefinition",
  "MethodDefinition",
]);

/** What has no members that an editor shows on the declaration: code, functions, and types that only name others. */
const opaque = new Set([
  "FunctionDeclaration",
  "TSDeclareFunction",
  "TSFunctionType",
  "TSTypeParameterDeclaration",
  "TSTypeQuery",
  "TSIndexedAccessType",
  "TSMappedType",
]);

function childrenOf(node: Node): Node[] {
  if (node.type === "VariableDeclarator") return [node["id"].typeAnnotation].filter(Boolean);
  if (node.type === "TSConditionalType") return [node["trueType"], node["falseType"]];
  return (visitorKeys[node.type] ?? []).flatMap((key) => node[key] ?? []);
}

/** Does a user see the member, and does its type not say all? The docstring of an override stands at its base. */
function isShown({ key, accessibility, kind, override, typeAnnotation }: Node): boolean {
  if (accessibility === "private" || accessibility === "protected") return false;
  if (key.type === "PrivateIdentifier" || kind === "constructor" || override) return false;
  return typeAnnotation?.typeAnnotation.type !== "TSLiteralType";
}

function nameOf(file: string, { key, computed }: Node): string {
  const name = parsed(file).text.slice(key.start, key.end);
  return computed ? `[${name}]` : name;
}

function isDocumented(file: string, { start }: Node): boolean {
  const { text, comments } = parsed(file);
  for (let end = start; ;) {
    const before = text.slice(0, end).trimEnd().length;
    const comment = comments.get(before);
    if (!comment) return false;
    if (comment.type === "Block" && saysSomething(comment.value)) return true;
    end = comment.start;
  }
}

/** Is it a docstring, and does something stand before its first tag? */
function saysSomething(comment: string): boolean {
  return /^\*[\s*]*[^\s*@]/.test(comment);
}

interface Parsed {
  readonly text: string;
  readonly body: readonly Node[];
  readonly module: EcmaScriptModule;
  /** By where they end. */
  readonly comments: ReadonlyMap<number, Comment>;
}

const files = new Map<string, Parsed>();

function parsed(file: string): Parsed {
  const known = files.get(file);
  if (known) return known;
  const text = readFileSync(join(top, file), "utf8");
  const { program, module, comments, errors } = parseSync(file, text);
  if (errors.length > 0) throw new SyntaxError(`${file}: ${errors[0]!.message}`);
  const fresh = {
    text,
    body: program.body as unknown as readonly Node[],
    module,
    comments: new Map(comments.map((comment) => [comment.end, comment])),
  };
  files.set(file, fresh);
  return fresh;
}
