// npm run bench: measures ours on Node and Deno beside C, on both stacks; see options.ts.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { besideReport } from "./beside.ts";
import { checkTable, compare } from "./check.ts";
import { type Compact, compactJson, compactRow } from "./compact.ts";
import { document, type Stacks, terminalReport } from "./document.ts";
import { rowsOf } from "./figures.ts";
import { measure } from "./measure.ts";
import { readOptions } from "./options.ts";
import { plotsOf } from "./plots.ts";
import { type Head, readResults } from "./results.ts";
import { STACKS } from "./session.ts";
import { plain } from "./text.ts";

const options = readOptions();
const isSaved = options.from.length > 0;
const isWhole = !options.quick && !options.only;
const { heads, results, isComplete } = isSaved
  ? { ...readResults(options.from), isComplete: true }
  : await measure(options);
const stacks: Stacks = STACKS.map((stack) => [stack, rowsOf(stack, results)]);
const shown = stacks.filter(([, rows]) => rows.length > 0);
const allRows = shown.flatMap(([, rows]) => rows);

console.log(options.beside ? besideReport(heads, results) : terminalReport(heads, shown));
if (options.json) writeFileSync(options.json, compactJson(heads, allRows));
process.exitCode = !isComplete || results.length === 0 || allRows.some(({ failures }) => failures.length > 0)
  ? 1
  : 0;

if (options.check) check();
else if (isComplete && !options.beside && (isSaved || isWhole)) await write(options.out, heads);

function check(): void {
  const file = join(options.out, "benchmarks.json");
  if (!existsSync(file)) throw new Error(`there is no ${file} to compare with`);
  const committed = JSON.parse(readFileSync(file, "utf8")) as Compact;
  const comparisons = compare(committed, allRows.map(compactRow));
  const worse = comparisons.filter(({ verdict }) => verdict === "worse");
  console.log(`\n== compared with ${file} ==\n\n${plain(checkTable(comparisons))}`);
  console.log(`\n${worse.length} of ${comparisons.length} became worse`);
  if (worse.length > 0 || comparisons.length === 0) process.exitCode = 1;
}

async function write(folder: string, heads: Head[]): Promise<void> {
  const plots = (await Promise.all(shown.map(([stack, rows]) => plotsOf(stack, rows)))).flat();
  mkdirSync(join(folder, "benchmarks"), { recursive: true });
  for (const { file, svg } of plots) writeFileSync(join(folder, "benchmarks", file), svg);
  writeFileSync(join(folder, "benchmarks.json"), compactJson(heads, allRows));
  writeFileSync(join(folder, "benchmarks.md"), document(heads, shown, plots));
}
