// check_sizes.ts: a file past its limit has more than one subject.
import { readFileSync } from "node:fs";
import { globSync } from "./glob.ts";

const LIMITS: Array<[files: string[], lines: number]> = [
  [["cli", "core", "runtimes", "bench"].flatMap((folder) => globSync(folder, /\.ts$/)), 400],
  // Someone new reads an example in one go.
  [globSync("examples", /\.(ts|cjs|sh)$/), 119],
  [["c", "bench"].flatMap((folder) => globSync(folder, /\.(c|h|def)$/)), 500],
];

for (const [files, limit] of LIMITS) {
  for (const file of files.filter((file) => !file.includes(".gen."))) {
    const lines = readFileSync(file, "utf8").split("\n").length - 1;
    if (lines <= limit) continue;
    console.error(`${file}: ${lines} lines, the limit is ${limit}: split it by subject`);
    process.exitCode = 1;
  }
}
