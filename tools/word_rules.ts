import ts from "typescript";

interface WordRule {
  files: RegExp;
  /** What is wrong with the node, if anything. */
  problem: (node: ts.Node) => string | undefined;
}

const isProperty = (node: ts.Identifier) =>
  (ts.isPropertyAccessExpression(node.parent) && node.parent.name === node) ||
  (ts.isPropertyAssignment(node.parent) && node.parent.name === node) ||
  ts.isPropertySignature(node.parent) || ts.isMethodDeclaration(node.parent);

const RULES: WordRule[] = [
  {
    files: /^core\//,
    problem: (node) => {
      if (!ts.isIdentifier(node) || isProperty(node)) return;
      if (/^(Deno|Bun|process)$/.test(node.text)) return `core must not know ${node.text}`;
    },
  },
  {
    files: /^core\/|^mod\.ts$/,
    problem: (node) => {
      if (ts.isExpressionStatement(node) && ts.isSourceFile(node.parent)) return "importing must do nothing";
    },
  },
  {
    files: /^(test|examples)\//,
    problem: (node) => {
      if (
        ts.isImportDeclaration(node) && /["']node:timers\/promises["']/.test(node.moduleSpecifier.getText())
      ) {
        return "no sleeps: await an event";
      }
    },
  },
  {
    files: /^test\/(socket|cross|native)\//,
    problem: (node) => {
      if (!ts.isPropertyAssignment(node) || node.name.getText() !== "port") return;
      if (!ts.isNumericLiteral(node.initializer)) return;
      const port = Number(node.initializer.text);
      // A number out of range tests validation.
      if (port > 0 && port < 65536) return `port ${port} may be taken: listen on port 0`;
    },
  },
  {
    files: /^test\/.*_test\.ts$/,
    problem: (node) => {
      if (!ts.isPropertyAccessExpression(node) || node.name.text !== "skip") return;
      if (ts.isCallExpression(node.parent)) return "a skip prints its reason: use the helpers' skip";
    },
  },
];

/** What this file says that it must not, as `file:line: problem`. */
export function wordProblems(file: string, source: ts.SourceFile): string[] {
  const rules = RULES.filter((rule) => rule.files.test(file));
  if (rules.length === 0) return [];
  const problems: string[] = [];
  const visit = (node: ts.Node): void => {
    for (const rule of rules) {
      const problem = rule.problem(node);
      if (!problem) continue;
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      problems.push(`${file}:${line + 1}: ${problem}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return problems;
}
