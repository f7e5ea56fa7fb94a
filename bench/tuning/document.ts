/** docs/tuning.md: only what stands between the marks of a stack is rewritten. */
import { readFileSync, writeFileSync } from "node:fs";
import type { Stack } from "../drivers/driver.ts";
import type { Result } from "../one_run.ts";
import type { Head } from "../results.ts";
import { type Cells, markdown, plain } from "../text.ts";
import { failuresOf, syscallTable, tuningTables } from "./table.ts";

const FILE = "docs/tuning.md";
const marks = (stack: Stack) => [
  `<!-- ${stack}: written by npm run bench:tuning, do not edit -->`,
  `<!-- ${stack}: end -->`,
];

function chapters(head: Head, results: Result[], table: (cells: Cells[]) => string): string {
  const { absolute, relative } = tuningTables(results);
  const failures = failuresOf(results).map((failure) => `- failed: ${failure}`);
  const about = Object.entries(head.machine).map(([name, value]) => `${name}: ${value}`);
  return [
    `Measured on ${head.date.slice(0, 10)} by \`${head.command}\`; ${about.join("; ")}. Median of ` +
    `${Math.max(...results.map(({ round }) => round)) + 1} rounds.`,
    "Messages a second, and the median time of a round trip:",
    table(absolute),
    "To that, as it was shortly before and after (least..most); bold where all rounds are beyond those of the " +
    "defaults once more, which show the noise, and by 10 % at least. More is better, but for the two last columns, which " +
    "are times. `*`: to the row of its kind above, not to the defaults.",
    table(relative),
    "System calls on 1,000 messages with the defaults:",
    table(syscallTable(results)),
    ...(failures.length > 0 ? [failures.join("\n")] : []),
  ].join("\n\n");
}

export const tuningReport = (head: Head, results: Result[]): string => chapters(head, results, plain);

export function writeTuning(stack: Stack, head: Head, results: Result[]): void {
  const [begin, end] = marks(stack) as [string, string];
  const text = readFileSync(FILE, "utf8");
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${FILE} has no place for the ${stack} stack`);
  const written = `${begin}\n\n${chapters(head, results, markdown)}\n\n`;
  writeFileSync(FILE, text.slice(0, from) + written + text.slice(to));
}
