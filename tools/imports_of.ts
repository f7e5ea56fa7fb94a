import ts from "typescript";

export interface Import {
  specifier: string;
  line: number;
  /** Gone when the program runs. */
  typeOnly: boolean;
  /** The names taken; empty where it is the whole module. */
  names: string[];
}

/** Everything a source imports: statements, `export from`, import() and import types. */
export function importsOf(source: ts.SourceFile): Import[] {
  const found: Import[] = [];
  const add = (node: ts.Node, specifier: ts.Node | undefined, typeOnly: boolean, names: string[] = []) => {
    if (!specifier || !ts.isStringLiteralLike(specifier)) return;
    const { line } = source.getLineAndCharacterOfPosition(node.getStart());
    found.push({ specifier: specifier.text, line: line + 1, typeOnly, names });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      const bindings = node.importClause?.namedBindings;
      const elements = bindings && ts.isNamedImports(bindings) ? [...bindings.elements] : [];
      const typeOnly = node.importClause?.isTypeOnly ||
        (elements.length > 0 && !node.importClause?.name && elements.every((element) => element.isTypeOnly));
      const names = elements.map((element) => (element.propertyName ?? element.name).text);
      add(node, node.moduleSpecifier, typeOnly ?? false, names);
    } else if (ts.isExportDeclaration(node)) {
      add(node, node.moduleSpecifier, node.isTypeOnly);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      add(node, node.arguments[0], false);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      add(node, node.argument.literal, true);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}
