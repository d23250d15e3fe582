/** What the packages export, read by TypeScript: each name with its docstring, its signature and its members. */
import ts from "typescript-5.9";
import { join } from "node:path";
import { docIn, noDoc, type Doc } from "./doc.ts";
import { filesOf, textOf, top } from "./repository.ts";

/** An entry of a package: what an import names. */
export interface Entry {
  /** `"@answerback/core/provider"`. */
  readonly name: string;
  /** The folder of its package: `"core"`. */
  readonly folder: string;
  /** What it exports, in the order of its file. */
  readonly names: readonly Declared[];
}

/** An exported name. */
export interface Declared {
  /** The name. */
  readonly name: string;
  /** Where it is declared, from the top. */
  readonly file: string;
  /** The line of the declaration, from 1. */
  readonly line: number;
  /** What it is. */
  readonly kind: "function" | "class" | "type" | "value";
  /** What its docstring says. */
  readonly doc: Doc;
  /** Its declaration as code, without a body, and without members where they have rows of their own. */
  readonly signature: string;
  /** Its fields and methods, or the texts of a union that have docstrings. */
  readonly members: readonly Member[];
}

/** A field or a method of what is exported, or a text that it may be. */
export interface Member {
  /** Its name, with a `?` where it may be left out. */
  readonly name: string;
  /** Its type as it is written. */
  readonly type: string;
  /** What its docstring says. */
  readonly doc: Doc;
  /** Does an alternative begin with it, in a union of shapes? */
  readonly or?: true;
}

const packages = filesOf("packages/*/package.json")
  .map((file) => ({ folder: file.split("/")[1]!, manifest: JSON.parse(textOf(file)) }))
  .filter(({ manifest }) => manifest.private !== true);

const sources = packages.flatMap(({ folder, manifest }) =>
  Object.entries<{ source?: string }>(manifest.exports ?? {}).flatMap(([path, { source }]) =>
    source === undefined
      ? []
      : [{ name: join(manifest.name, path), folder, file: join("packages", folder, source) }],
  ),
);

const program = ts.createProgram(
  sources.map(({ file }) => join(top, file)),
  {
    target: ts.ScriptTarget.ES2023,
    lib: ["lib.es2024.d.ts"],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    customConditions: ["source"],
    allowImportingTsExtensions: true,
    types: ["node"],
    typeRoots: [join(top, "packages/site/node_modules/@types")],
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    skipLibCheck: true,
  },
);

/** The program and its checker, for whoever asks more than names. */
export const checker: ts.TypeChecker = program.getTypeChecker();

/** A file of the program, from the top. */
export function sourceFile(file: string): ts.SourceFile {
  const found = program.getSourceFile(join(top, file));
  if (!found) throw new Error(`${file} is no source of a package`);
  return found;
}

/** The sources of the packages, without what they depend on. */
export function sourceFiles(): ts.SourceFile[] {
  return program
    .getSourceFiles()
    .filter(
      ({ fileName }) => fileName.startsWith(join(top, "packages")) && !/node_modules|\.d\.ts$/.test(fileName),
    );
}

/** All entries of the packages that are published. */
export const entries: readonly Entry[] = sources.map(({ name, folder, file }) => {
  const symbol = checker.getSymbolAtLocation(sourceFile(file))!;
  const names = checker.getExportsOfModule(symbol).map(declared);
  return { name, folder, names };
});

/** The folders of the packages that are published. */
export const folders: readonly string[] = packages.map(({ folder }) => folder);

/** What a package says of itself in its manifest. */
export function manifestOf(folder: string): { readonly name: string; readonly description: string } {
  return packages.find((one) => one.folder === folder)!.manifest;
}

/** The exported name of that name, of an entry or of any. */
export function nameOf(name: string, entry?: string): Declared {
  const found = entries
    .filter((one) => entry === undefined || one.name === entry)
    .flatMap(({ names }) => names)
    .find((one) => one.name === name);
  if (!found) throw new Error(`${entry ?? "no package"} exports no ${name}`);
  return found;
}

/** What a file exports, if to its own package alone. */
export function declaredIn(file: string, name: string): Declared {
  return declared(symbolIn(file, name));
}

/** The symbol that a file exports under a name. */
export function symbolIn(file: string, name: string): ts.Symbol {
  const symbol = checker.tryGetMemberInModuleExports(name, checker.getSymbolAtLocation(sourceFile(file))!);
  if (!symbol) throw new Error(`${file} exports no ${name}`);
  return symbol;
}

function declared(exported: ts.Symbol): Declared {
  const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
  const [node] = symbol.declarations ?? [];
  if (!node) throw new Error(`${exported.name} is declared nowhere`);
  const file = node.getSourceFile();
  return {
    name: exported.name,
    file: file.fileName.slice(top.length),
    line: file.getLineAndCharacterOfPosition(node.getStart()).line + 1,
    kind: kindOf(node),
    doc: docOf(statementOf(node)),
    signature: signatureOf(node),
    members: membersOf(node),
  };
}

function kindOf(node: ts.Node): Declared["kind"] {
  if (ts.isFunctionDeclaration(node)) return "function";
  if (ts.isClassDeclaration(node)) return "class";
  return ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node) ? "type" : "value";
}

/** Of a `const` the docstring stands before the whole statement. */
function statementOf(node: ts.Node): ts.Node {
  return ts.isVariableDeclaration(node) ? node.parent.parent : node;
}

/** The docstring that stands before a node. */
export function docOf(node: ts.Node): Doc {
  return docBefore(node.getSourceFile(), node.getFullStart());
}

function docBefore({ text }: ts.SourceFile, at: number): Doc {
  const before = ts.getLeadingCommentRanges(text, at) ?? [];
  const comment = before.map(({ pos, end }) => text.slice(pos, end)).findLast((one) => one.startsWith("/**"));
  return comment === undefined ? noDoc : docIn(comment);
}

function signatureOf(node: ts.Node): string {
  if (ts.isFunctionDeclaration(node)) return upTo(node, node.body);
  if (ts.isClassDeclaration(node)) return headOf(node, "class");
  if (ts.isInterfaceDeclaration(node)) return headOf(node, "interface");
  if (ts.isVariableDeclaration(node))
    return `const ${node.name.getText()}: ${node.type && !ts.isTypeLiteralNode(node.type) ? plain(node.type) : "{ … }"}`;
  return plain(node).replace(/^export /, "");
}

/** The head of a class or an interface: its members have rows of their own. */
function headOf(node: ts.ClassDeclaration | ts.InterfaceDeclaration, word: string): string {
  const types = node.typeParameters ? `<${node.typeParameters.map(plain).join(", ")}>` : "";
  const heritage = (node.heritageClauses ?? []).map((clause) => ` ${plain(clause)}`).join("");
  return `${word} ${node.name!.getText()}${types}${heritage}`;
}

function upTo(node: ts.Node, body: ts.Node | undefined): string {
  const text = node.getSourceFile().text.slice(node.getStart(), body?.getFullStart() ?? node.end);
  return withoutComments(text)
    .replace(/^export (?:async )?/, "")
    .trim();
}

/** The code of a node without comments. */
function plain(node: ts.Node): string {
  return withoutComments(node.getText()).replaceAll(/\breadonly (?=\w+\??:)/g, "");
}

function withoutComments(text: string): string {
  return text.replaceAll(/^\s*\/\*\*[^]*?\*\/\n?/gm, "").replaceAll(/\n\s*\n/g, "\n");
}

function membersOf(node: ts.Node): Member[] {
  if (ts.isClassDeclaration(node)) return node.members.flatMap(memberOf);
  if (ts.isInterfaceDeclaration(node)) return [...node.members.flatMap(memberOf), ...inherited(node)];
  if (ts.isVariableDeclaration(node) || ts.isTypeAliasDeclaration(node)) return inType(node.type);
  return [];
}

/** What an interface has from those that it extends, as far as those are declared in the packages. */
function inherited(node: ts.InterfaceDeclaration): Member[] {
  if (!node.heritageClauses) return [];
  const own = new Set(node.members.map((member) => member.name?.getText()));
  return checker
    .getTypeAtLocation(node)
    .getProperties()
    .flatMap((property) => {
      const found = property.declarations?.find(
        (one) => ts.isPropertySignature(one) || ts.isMethodSignature(one),
      );
      if (!found || own.has(found.name.getText()) || /node_modules/.test(found.getSourceFile().fileName))
        return [];
      const isOptional = (property.flags & ts.SymbolFlags.Optional) !== 0;
      return memberOf(found).map(({ name, ...rest }) => ({
        ...rest,
        name: name.replace(/\??$/, isOptional ? "?" : ""),
      }));
    });
}

/** The members of a literal, or of those in an intersection; of a union the texts that have docstrings. */
function inType(type: ts.TypeNode | undefined): Member[] {
  if (!type) return [];
  if (ts.isTypeLiteralNode(type)) return type.members.flatMap(memberOf);
  if (ts.isIntersectionTypeNode(type)) return type.types.flatMap(inType);
  if (!ts.isUnionTypeNode(type)) return [];
  return type.types.flatMap((one, index) => {
    if (!ts.isLiteralTypeNode(one) || !ts.isStringLiteral(one.literal)) {
      const [first, ...more] = inType(one);
      return !first ? [] : [index === 0 ? first : { ...first, or: true as const }, ...more];
    }
    const doc = docBefore(
      one.getSourceFile(),
      index === 0 ? type.getFullStart() : type.types[index - 1]!.end,
    );
    return doc === noDoc ? [] : [{ name: one.literal.text, type: "", doc }];
  });
}

function memberOf(node: ts.TypeElement | ts.ClassElement): Member[] {
  const hidden = ts.getCombinedModifierFlags(node) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected);
  if (hidden || (node.name && ts.isPrivateIdentifier(node.name))) return [];
  if (ts.isConstructorDeclaration(node))
    return [{ name: "constructor", type: `(${node.parameters.map(plain).join(", ")})`, doc: docOf(node) }];
  if (ts.isIndexSignatureDeclaration(node))
    return [
      {
        name: plain(node)
          .replace(/^readonly /, "")
          .replace(/:[^:]*$/, ""),
        type: plain(node.type),
        doc: docOf(node),
      },
    ];
  if (!node.name) return [];
  const name = `${ts.isComputedPropertyName(node.name) ? node.name.getText() : node.name.getText().replaceAll('"', "")}`;
  const optional = "questionToken" in node && node.questionToken ? "?" : "";
  return [{ name: name + optional, type: memberType(node, optional !== ""), doc: docOf(node) }];
}

/** A type in the names that a reader can look up: one that only its file knows is written as what it stands for. */
function spelledOut(node: ts.TypeNode): string {
  const symbol =
    ts.isTypeReferenceNode(node) && !node.typeArguments && checker.getSymbolAtLocation(node.typeName);
  const alias = symbol ? symbol.declarations?.find(ts.isTypeAliasDeclaration) : undefined;
  const isExported = alias?.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  return alias && !isExported && alias.getSourceFile() === node.getSourceFile()
    ? plain(alias.type)
    : plain(node);
}

function memberType(node: ts.Node, isOptional: boolean): string {
  if (ts.isMethodSignature(node) || ts.isMethodDeclaration(node)) {
    const types = node.typeParameters ? `<${node.typeParameters.map(plain).join(", ")}>` : "";
    return `${types}(${node.parameters.map(plain).join(", ")}): ${node.type ? plain(node.type) : "void"}`;
  }
  const type = "type" in node && node.type ? spelledOut(node.type as ts.TypeNode) : "";
  const oneLine = type
    .replaceAll(/\s+/g, " ")
    .replace(/^\| /, "")
    .replaceAll("( ", "(")
    .replaceAll(/,? \)/g, ")");
  return isOptional ? oneLine.replace(/ \| undefined$/, "").replace(/^\((.*)\)$/, "$1") : oneLine;
}
