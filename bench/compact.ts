/** docs/benchmarks.json: what was measured, small enough to be committed, and what --check compares with. */
import type { Stack } from "./drivers/driver.ts";
import type { Row, Spread } from "./figures.ts";
import type { Head } from "./results.ts";

type Triple = [median: number, min: number, max: number];

export interface CompactRow {
  stack: Stack;
  trial: string;
  driver: string;
  /** What is compared with its spread, all else as medians. */
  compared: Record<string, Triple>;
  medians: Record<string, number>;
}

export interface Compact {
  heads: Head[];
  rows: CompactRow[];
}

/** What says the same on any machine: ratios, memory, counts. */
const isCompared = (figure: string) => / to |^(heap|syscalls) /.test(figure);

const short = (value: number) => Number(value.toPrecision(4));
const triple = ({ median, min, max }: Spread): Triple => [short(median), short(min), short(max)];

export function compactRow({ stack, trial, driver, figures }: Row): CompactRow {
  const all = Object.entries(figures);
  return {
    ...{ stack, trial, driver },
    compared: Object.fromEntries(all.filter(([name]) => isCompared(name)).map(([k, v]) => [k, triple(v)])),
    medians: Object.fromEntries(
      all.filter(([name]) => !isCompared(name) && !/ (client|server)$/.test(name))
        .map(([k, v]) => [k, short(v.median)]),
    ),
  };
}

/** A row a line: a change shows as one. */
export function compactJson(heads: Head[], rows: Row[]): string {
  const lines = rows.map((row) => `  ${JSON.stringify(compactRow(row))}`).join(",\n");
  return `{ "heads": ${JSON.stringify(heads)},\n"rows": [\n${lines}\n] }\n`;
}
