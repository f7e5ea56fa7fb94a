/** What has become worse than the committed figures, beyond the noise. */
import { isOurs } from "./drivers/all.ts";
import type { Compact, CompactRow } from "./compact.ts";
import { isMoreBetter } from "./figures.ts";
import { type Cells, number } from "./text.ts";

/** By this much a median may differ whatever the spreads. */
const TOLERANCE = 0.15;

export type Verdict = "worse" | "better" | "same";

export interface Comparison {
  row: CompactRow;
  figure: string;
  was: [median: number, min: number, max: number];
  is: [median: number, min: number, max: number];
  verdict: Verdict;
}

/** Different: the spreads do not meet, and the medians are apart. */
function verdictOn(figure: string, was: Comparison["was"], is: Comparison["is"]): Verdict {
  const isLess = is[2] < was[1] && is[0] < was[0] * (1 - TOLERANCE);
  const isMore = is[1] > was[2] && is[0] > was[0] * (1 + TOLERANCE);
  if (!isLess && !isMore) return "same";
  return isMore === isMoreBetter(figure) ? "better" : "worse";
}

/** Of ours, what both have; in the order of the new figures. */
export function compare(committed: Compact, rows: CompactRow[]): Comparison[] {
  return rows.filter(({ driver }) => isOurs(driver)).flatMap((row) => {
    const old = committed.rows.find(({ stack, trial, driver }) =>
      stack === row.stack && trial === row.trial && driver === row.driver
    );
    return Object.entries(row.compared).flatMap(([figure, is]) => {
      const was = old?.compared[figure];
      return was ? [{ row, figure, was, is, verdict: verdictOn(figure, was, is) }] : [];
    });
  });
}

const range = ([median, min, max]: Comparison["is"]) => `${number(median)} (${number(min)}..${number(max)})`;

export function checkTable(comparisons: Comparison[]): Cells[] {
  return [
    ["trial", "driver", "figure", "committed", "now", "verdict"],
    ...comparisons.map(({ row, figure, was, is, verdict }) => [
      `${row.stack}, ${row.trial}`,
      row.driver,
      figure,
      range(was),
      range(is),
      verdict === "worse" ? "WORSE" : verdict,
    ]),
  ];
}
