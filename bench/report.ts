/** Figures as text: for the terminal, and for docs/benchmarks.md. */
import { DRIVERS } from "./drivers/all.ts";
import type { Machine } from "./machine.ts";
import type { Cost, Row, Spread } from "./summary.ts";

type Cells = string[];

/** Three significant digits, and thousands told apart. */
function number(value: number): string {
  if (!Number.isFinite(value)) return "-";
  if (value === 0) return "0";
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))));
  if (digits > 0) return value.toFixed(Math.min(digits, 3));
  const rounded = Number(value.toPrecision(3));
  return rounded.toLocaleString("en-US");
}

const range = ({ median, min, max }: Spread, unit = "") =>
  `${number(median)}${unit} (${number(min)}..${number(max)})`;

const ratioCell = (row: Row) => row.ratio ? range(row.ratio, " ×") : row.driver === "c" ? "1" : "-";

function floodTable(rows: Row[]): Cells[] {
  return [
    ["trial", "driver", "messages/s", "MB/s", "ratio to C"],
    ...rows.filter(({ trial }) => trial.load === "flood").map((row) => [
      row.trial.name,
      row.driver,
      range(row.rate),
      number(row.megabytes.median),
      ratioCell(row),
    ]),
  ];
}

function pingPongTable(rows: Row[]): Cells[] {
  return [
    ["trial", "driver", "p50 µs", "p99 µs", "p50 to C's"],
    ...rows.filter(({ trial }) => trial.load === "ping-pong").map((row) => [
      row.trial.name,
      row.driver,
      row.p50 ? range(row.p50) : "-",
      row.p99 ? range(row.p99) : "-",
      ratioCell(row),
    ]),
  ];
}

function costTable(rows: Row[]): Cells[] {
  const cells = ({ calls, syscalls, wakes, cpuMs }: Partial<Cost>) => [
    calls === undefined ? "-" : number(calls),
    wakes === undefined ? "-" : number(wakes),
    syscalls ? number(syscalls.receive + syscalls.send + syscalls.other) : "-",
    syscalls ? `${number(syscalls.receive)} / ${number(syscalls.send)} / ${number(syscalls.other)}` : "-",
    cpuMs === undefined ? "-" : number(cpuMs),
  ];
  return [
    ["trial", "driver", "end", "calls", "wakes", "system calls", "receive / send / other", "CPU ms"],
    ...rows.flatMap((row) =>
      (["client", "server"] as const).map((end) => [row.trial.name, row.driver, end, ...cells(row[end])])
    ),
  ];
}

/** What is the same as in the row above is left out. */
function withoutRepeats(table: Cells[]): Cells[] {
  return table.map((cells, y) => {
    const above = table[y - 1];
    let same = y > 1;
    return cells.map((cell, x) => {
      same &&= x < 2 && cell === above![x];
      return same ? "" : cell;
    });
  });
}

function plain(table: Cells[]): string {
  const shown = withoutRepeats(table);
  const widths = shown[0]!.map((_, x) => Math.max(...shown.map((cells) => cells[x]!.length)));
  const line = (cells: Cells) => cells.map((cell, x) => cell.padEnd(widths[x]!)).join("  ").trimEnd();
  return shown.map((cells) => `  ${line(cells)}`).join("\n");
}

function markdown(table: Cells[]): string {
  const line = (cells: Cells) => `| ${cells.join(" | ")} |`;
  const [head, ...rest] = withoutRepeats(table);
  return [line(head!), line(head!.map(() => "---")), ...rest.map(line)].join("\n");
}

const failuresOf = (rows: Row[]) =>
  rows.flatMap((row) => row.failures.map((failure) => `${row.trial.name}, ${row.driver}: ${failure}`));

/** The tables of one stack: what was reached, and what it cost. */
function tables(rows: Row[]): Array<[title: string, table: Cells[]]> {
  const all: Array<[string, Cells[]]> = [
    ["One way, median (min..max) of the runs; a ratio above 1 is better than C", floodTable(rows)],
    ["There and back; a ratio below 1 is better than C", pingPongTable(rows)],
    ["Spent on 1,000 messages (ping-pong: round trips)", costTable(rows)],
  ];
  return all.filter(([, table]) => table.length > 1);
}

export function terminalReport(stack: string, rows: Row[]): string {
  const parts = tables(rows).map(([title, table]) => `${title}\n\n${plain(table)}`);
  const failures = failuresOf(rows).map((failure) => `FAILED ${failure}`);
  return [`== ${stack} stack ==`, ...parts, ...(failures.length ? [failures.join("\n")] : [])].join("\n\n");
}

export function machineLines(machine: Machine): string[] {
  return Object.entries(machine).map(([name, value]) => `${name}: ${value}`);
}

/** docs/benchmarks.md, all of it. */
export function document(machine: Machine, command: string, stacks: Array<[string, Row[]]>): string {
  const about = DRIVERS.map((driver) => `- **${driver.name}**: ${driver.about}`);
  const chapters = stacks.map(([stack, rows]) => {
    const parts = tables(rows).map(([title, table]) => `${title}:\n\n${markdown(table)}`);
    const failures = failuresOf(rows).map((failure) => `- failed: ${failure.split("\n")[0]}`);
    return [`## The ${stack} stack`, ...parts, ...(failures.length ? [failures.join("\n")] : [])].join(
      "\n\n",
    );
  });
  return `${
    [
      "# Benchmarks",
      `Written by \`${command}\`; do not edit.`,
      "Two processes over one association on the loopback address, with `noDelay` and netsctp's default buffers for all. " +
      "Drivers take turns in every round, and a ratio is between two runs of one round.",
      about.join("\n"),
      machineLines(machine).map((line) => `- ${line}`).join("\n"),
      ...chapters,
    ].join("\n\n")
  }\n`;
}
