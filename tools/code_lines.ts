/** How many lines of a TypeScript or C file hold code: neither empty nor comment alone. */
export function codeLines(text: string): number {
  const withoutBlocks = text.replace(/\/\*[^]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ""));
  return withoutBlocks.split("\n").filter((line) => /^\s*[^\s/]|^\s*\/(?!\/)/.test(line)).length;
}
