/** Two checkouts beside each other: what a figure is now, as a part of what it is before, pair by pair. */
import { beforeOf, DRIVERS, isOurs } from "./drivers/all.ts";
import { type Figures, figuresOf, isMoreBetter, type Spread, spread } from "./figures.ts";
import { type Good, isGood, type Result } from "./one_run.ts";
import type { Head } from "./results.ts";
import { type Cells, plain, range } from "./text.ts";
import { trialNamed } from "./trials.ts";

/** What a change may cost: a rate, a time, memory. Counts are as they are. */
const FIGURES = /^(rate|p50|p99|cpu|(heap|native) (client|server)|kernel memory)$/;

/** Whether all pairs are on the worse side. */
function isWorse(figure: string, { min, max }: Spread): boolean {
  return isMoreBetter(figure) ? max < 1 : min > 1;
}

function ratios(now: Good[], before: Good[]): Array<[figure: string, ratio: Spread]> {
  const pairs = now.flatMap((run): Array<[Figures, Figures]> => {
    const other = before.find(({ round }) => round === run.round);
    const trial = trialNamed(run.trial)!;
    return other ? [[figuresOf(trial, run), figuresOf(trial, other)]] : [];
  });
  const names = Object.keys(pairs[0]?.[0] ?? {}).filter((name) => FIGURES.test(name));
  return names.flatMap((name) => {
    const values = pairs.map(([mine, other]) => mine[name]! / other[name]!).filter(Number.isFinite);
    return values.length > 0 ? [[name, spread(values)] as [string, Spread]] : [];
  });
}

export function besideReport(heads: Head[], results: Result[]): string {
  const good = results.filter(isGood);
  const table: Cells[] = [["trial", "driver", "figure", "now / before", "verdict"]];
  for (const key of new Set(good.map(({ stack, trial }) => `${stack}, ${trial}`))) {
    const here = good.filter(({ stack, trial }) => `${stack}, ${trial}` === key);
    for (const { name } of DRIVERS.filter(({ name }) => isOurs(name))) {
      const [now, before] = [name, beforeOf(name)].map((name) =>
        here.filter(({ driver }) => driver === name)
      );
      for (const [figure, ratio] of ratios(now!, before!)) {
        table.push([key, name, figure, range(ratio), isWorse(figure, ratio) ? "WORSE in all pairs" : ""]);
      }
    }
  }
  const failed = results.flatMap((result) => isGood(result) ? [] : [`FAILED: ${JSON.stringify(result)}`]);
  return [...heads.map(({ command }) => command), plain(table), ...failed].join("\n\n");
}
