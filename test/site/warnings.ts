/** Every code of a warning that the packages may tell, found by its type. */
import ts from "typescript-5.9";
import { checker, sourceFiles } from "../../packages/site/generate/sources/declared.ts";

/** The codes, sorted. A code that is no literal is an error's, or of a warning that was made elsewhere. */
export function warningsInSources(): string[] {
  const found = new Set<string>();
  const take = (node: ts.Node): void => {
    const type = checker.getTypeAtLocation(node);
    for (const one of type.isUnion() ? type.types : [type]) if (one.isStringLiteral()) found.add(one.value);
  };
  const look = (node: ts.Node): void => {
    if (ts.isObjectLiteralExpression(node) && isWarning(node)) node.properties.filter(isCode).forEach(take);
    if (ts.isCallExpression(node) && /\bwarnOnce$/.test(node.expression.getText())) take(node.arguments[0]!);
    ts.forEachChild(node, look);
  };
  for (const file of sourceFiles()) look(file);
  return [...found].toSorted();
}

const isCode = (field: ts.ObjectLiteralElementLike) => field.name?.getText() === "code";

/** Is it given where a warning is expected, or as the options of `process.emitWarning`? A constant says its type where it is used. */
function isWarning(node: ts.ObjectLiteralExpression): boolean {
  if (ts.isCallExpression(node.parent) && /\bemitWarning$/.test(node.parent.expression.getText()))
    return true;
  const names = node.properties.map((field) => field.name?.getText());
  if (names.join() !== "code,message") return false;
  const expected = checker.getContextualType(node);
  return expected
    ? /\bWarning\b/.test(checker.typeToString(expected))
    : ts.isVariableDeclaration(node.parent);
}
