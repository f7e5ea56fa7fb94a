// The texts that the sources can say: literals joined as the program joins them, with … for what differs.
import { readFileSync } from "node:fs";
import ts from "typescript";
import { globSync } from "./glob.ts";

export const GAP = "…";

function textOf(node: ts.Node): string {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node)) {
    return node.head.text + node.templateSpans.map((span) => GAP + span.literal.text).join("");
  }
  const isSum = ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken;
  if (isSum) return textOf(node.left) + textOf(node.right);
  if (ts.isParenthesizedExpression(node)) return textOf(node.expression);
  return GAP;
}

function textsOfTypeScript(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const text = textOf(node);
    if (text !== GAP) found.push(text);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function textsOfC(file: string): string[] {
  const joined = readFileSync(file, "utf8").replace(/"\s*\n?\s*"/g, "");
  return [...joined.matchAll(/"((?:[^"\\\n]|\\.)*)"/g)].map(([, text]) =>
    text!.replaceAll("%%", "%").replace(/%[-.*\d]*[a-z]+/g, GAP).replace(/\\(.)/g, "$1")
  );
}

export function sourceTexts(): string[] {
  const folders = ["core", "runtimes", "cli"];
  return [
    ...folders.flatMap((folder) => globSync(folder, /\.ts$/)).flatMap(textsOfTypeScript),
    ...globSync("c", /^(?!.*test).*\.(c|def)$/).flatMap(textsOfC),
  ];
}
