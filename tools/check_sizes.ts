// check_sizes.ts: a file with more lines of code than its limit has more than one subject. Comments cost nothing.
import { readFileSync } from "node:fs";
import { codeLines } from "./code_lines.ts";
import { globSync } from "./glob.ts";

const LIMITS: Array<[files: string[], lines: number]> = [
  [["cli", "core", "runtimes", "bench"].flatMap((folder) => globSync(folder, /\.ts$/)), 300],
  [["c", "bench"].flatMap((folder) => globSync(folder, /\.(c|h|def)$/)), 400],
];
// Someone new reads an example in one go, its comments as well.
const EXAMPLE_LINES = 119;

function report(file: string, lines: number, limit: number): void {
  if (lines <= limit) return;
  console.error(`${file}: ${lines} lines, the limit is ${limit}: split it by subject`);
  process.exitCode = 1;
}

for (const [files, limit] of LIMITS) {
  for (const file of files.filter((file) => !file.includes(".gen."))) {
    report(file, codeLines(readFileSync(file, "utf8")), limit);
  }
}
for (const file of globSync("examples", /\.(ts|cjs|sh)$/)) {
  report(file, readFileSync(file, "utf8").split("\n").length - 1, EXAMPLE_LINES);
}
