/** All figures as one text: for the terminal, and docs/benchmarks.md. */
import { DRIVERS } from "./drivers/all.ts";
import type { Stack } from "./drivers/driver.ts";
import type { Row } from "./figures.ts";
import type { Plot } from "./plots.ts";
import type { Head } from "./results.ts";
import { boundText, tablesOf } from "./tables.ts";
import { type Judgement, judgements } from "./targets.ts";
import { markdown, number, plain } from "./text.ts";

export type Stacks = Array<[Stack, Row[]]>;

const failuresOf = (rows: Row[]) =>
  rows.flatMap(({ trial, driver, failures }) =>
    failures.map((failure) => `${trial}, ${driver}: ${failure.split("\n")[0]}`)
  );

const headLines = ({ machine, command, date }: Head) => [
  ...Object.entries(machine).map(([name, value]) => `${name}: ${value}`),
  `date: ${date.slice(0, 10)}`,
  `command: \`${command}\``,
];

/** What is said once of several runs of the bench. */
const sharedLines = (heads: Head[]) => [...new Set(heads.flatMap(headLines))];

export function terminalReport(heads: Head[], stacks: Stacks): string {
  const chapters = stacks.map(([stack, rows]) => {
    const tables = tablesOf(stack, rows).map(({ title, cells }) => `${title}\n\n${plain(cells)}`);
    const failures = failuresOf(rows).map((failure) => `FAILED ${failure}`);
    return [`== ${stack} stack ==`, ...tables, ...(failures.length ? [failures.join("\n")] : [])].join(
      "\n\n",
    );
  });
  return [sharedLines(heads).join("\n"), ...chapters].join("\n\n");
}

function missedLine({ row, figure, bound, value, reason }: Judgement): string {
  const is = value === undefined
    ? "failed"
    : figure.startsWith("heap")
    ? `${number(value)} bytes`
    : number(value);
  return `- ${row.trial}, ${row.driver}: ${boundText(figure, bound)}, but ${is}: ${
    reason ?? "reason not known yet"
  }`;
}

function targetLines(rows: Row[]): string[] {
  const all = rows.flatMap(judgements);
  const missed = all.filter(({ isMet }) => !isMet);
  if (all.length === 0) return [];
  return [
    `${all.length - missed.length} of ${all.length} targets are met` +
    (missed.length > 0 ? `. Missed:\n\n${missed.map(missedLine).join("\n")}` : "."),
  ];
}

function chapter(stack: Stack, rows: Row[], plots: Plot[]): string {
  const failures = failuresOf(rows).map((failure) => `- failed: ${failure}`);
  return [
    `## The ${stack} stack`,
    ...targetLines(rows),
    ...plots.map(({ title, file }) => `![${title}](benchmarks/${file})`),
    ...tablesOf(stack, rows).map(({ title, cells }) => `${title}:\n\n${markdown(cells)}`),
    ...(failures.length ? [failures.join("\n")] : []),
  ].join("\n\n");
}

/** docs/benchmarks.md, all of it. */
export function document(heads: Head[], stacks: Stacks, plots: Plot[]): string {
  const about = DRIVERS.map((driver) => `- **${driver.name}**: ${driver.about}`);
  return `${
    [
      "# Benchmarks",
      "Written by `npm run bench`, in about 80 minutes; do not edit. `npm run bench -- --check` compares with these figures.",
      "Two processes on the loopback address, over one association unless it says otherwise, with `noDelay` and netsctp's " +
      "default buffers for all. Drivers take turns in every round, and a ratio is between two runs of one round. " +
      "Where one end waits for the other, each has a processor of its own. " +
      "Figures are the median of the rounds, and (least..most). What the processor does is shared by both ends: " +
      "a rate is not what one end could do by itself.",
      about.join("\n"),
      sharedLines(heads).map((line) => `- ${line}`).join("\n"),
      ...stacks.map(([stack, rows]) => chapter(stack, rows, plots.filter((plot) => plot.stack === stack))),
    ].join("\n\n")
  }\n`;
}
