/** Numbers and tables as text. */
import type { Spread } from "./figures.ts";

export type Cells = string[];

/** Three significant digits, and thousands told apart. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return "-";
  if (value === 0) return "0";
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  if (digits > 0) return value.toFixed(Math.min(digits, 3));
  return Number(value.toPrecision(3)).toLocaleString("en-US");
}

/** A median, and between what. */
export function range(spread: Spread | undefined): string {
  if (!spread) return "-";
  const { median, min, max } = spread;
  return min === max ? number(median) : `${number(median)} (${number(min)}..${number(max)})`;
}

export const median = (spread: Spread | undefined): string => spread ? number(spread.median) : "-";

/** What is the same as in the row above is left out. */
function withoutRepeats(table: Cells[]): Cells[] {
  return table.map((cells, y) =>
    cells.map((cell, x) => y > 1 && x === 0 && cell === table[y - 1]![0] ? "" : cell)
  );
}

export function plain(table: Cells[]): string {
  const shown = withoutRepeats(table);
  const widths = shown[0]!.map((_, x) => Math.max(...shown.map((cells) => cells[x]!.length)));
  const line = (cells: Cells) => cells.map((cell, x) => cell.padEnd(widths[x]!)).join("  ").trimEnd();
  return shown.map((cells) => `  ${line(cells)}`).join("\n");
}

export function markdown(table: Cells[]): string {
  const line = (cells: Cells) => `| ${cells.join(" | ")} |`;
  const [head, ...rest] = withoutRepeats(table);
  return [line(head!), line(head!.map(() => "---")), ...rest.map(line)].join("\n");
}
