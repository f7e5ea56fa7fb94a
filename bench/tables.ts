/** The tables of one stack: one for each kind of trial, and what its messages cost. */
import type { Stack } from "./drivers/driver.ts";
import { COMPARED, isMoreBetter, type Row } from "./figures.ts";
import { judgements } from "./targets.ts";
import { type Cells, median, number, range } from "./text.ts";
import { type Kind, SELF, trialNamed } from "./trials.ts";

export interface Table {
  title: string;
  cells: Cells[];
}

interface Column {
  title: string;
  cell(row: Row): string;
}

const figure = (title: string, name: string): Column => ({ title, cell: (row) => range(row.figures[name]) });

/** Of both ends in one cell, medians. */
const bothEnds = (title: string, name: string, scale = 1): Column => ({
  title,
  cell: ({ figures }) =>
    ["client", "server"].map((end) => {
      const spread = figures[`${name} ${end}`];
      return spread ? number(spread.median / scale) : "-";
    }).join(" / "),
});

const targets: Column = {
  title: "targets",
  cell: (row) => {
    const texts = judgements(row).map(({ figure, bound, isMet }) =>
      `${boundText(figure, bound)}: ${isMet ? "met" : "**missed**"}`
    );
    return [...new Set(texts)].join("; ") || "-";
  },
};

/** A bound as people say it. */
export function boundText(figure: string, bound: number): string {
  const [name = "", other] = figure.split(" to ");
  const [what = "", ...end] = name.split(" ");
  const unit = what === "heap" ? " bytes" : what === "load" ? " %" : other ? ` × ${other}` : "";
  const sign = isMoreBetter(figure) ? "≥" : "≤";
  return [WORDS[what] ?? what, ...end, sign, bound].filter((word) => word !== "").join(" ") + unit;
}

/** What a figure is called where a bound is told: of a rate, the ratio says all. */
const WORDS: Record<string, string> = { rate: "", cpu: "CPU", load: "CPU", syscalls: "system calls" };

const TITLES: Record<Kind, string> = {
  "flood": "One way, as fast as it goes. A ratio above 1 is better than the other",
  "options": "The same with options: each message has a stream, an identifier, a context and a time to live",
  "ping-pong":
    "One message at a time, there and back: time of a round trip. A ratio below 1 is better than the other",
  "window": "Requests of 270 B with answers of 270 B over one association, 100 on their way",
  "cycles": "Connect, one message of 64 B, orderly close",
  "associations":
    "Echo of 270 B, one association after the other; one message on its way in all, or 100. CPU is that of both " +
    "ends for one message there and back",
  "idle": "Associations that do nothing, client / server: bytes for each, and the processor's time",
  "tcp": "The same one way over TCP, for the reader",
  "system calls":
    "System calls on 1,000 messages one way, client / server: all of the process as strace sees them, and of them " +
    "those that the shim counts as its own",
};

const KERNEL_MEMORY = "kernel's memory, both ends";

const COLUMNS: Record<Kind, Column[]> = {
  "flood": [figure("messages/s", "rate"), {
    title: "MB/s",
    cell: ({ figures }) => median(figures["megabytes"]),
  }],
  "options": [
    figure("messages/s", "rate"),
    { title: "to plain ones", cell: ({ figures }) => range(figures["rate to plain"]) },
  ],
  "ping-pong": [figure("p50 µs", "p50"), figure("p99 µs", "p99")],
  "window": [figure("answers/s", "rate")],
  "cycles": [figure("cycles/s", "rate")],
  "associations": [
    figure("CPU µs", "cpu"),
    { title: "to 1 association", cell: ({ figures }) => range(figures[`cpu to ${SELF}`]) },
    figure("messages/s", "rate"),
  ],
  "idle": [
    bothEnds("JavaScript's heap", "heap"),
    bothEnds("other memory of the process", "native"),
    figure(KERNEL_MEMORY, "kernel memory"),
    bothEnds("CPU %", "load"),
  ],
  "tcp": [figure("messages/s", "rate"), {
    title: "MB/s",
    cell: ({ figures }) => median(figures["megabytes"]),
  }],
  "system calls": [bothEnds("all", "syscalls"), bothEnds("the shim", "counted")],
};

const kindOf = (row: Row): Kind => trialNamed(row.trial)!.kind;

function kindTable(kind: Kind, stack: Stack, all: Row[]): Table {
  const rows = all.filter((row) => kindOf(row) === kind);
  const others = [...new Set(rows.map(({ driver }) => driver))];
  const ratios = (COMPARED[kind] ?? []).flatMap((name) =>
    others.map((other) => figure(`${name === "rate" ? "" : `${name} `}to ${other}`, `${name} to ${other}`))
  ).filter((column) => rows.some((row) => column.cell(row) !== "-"));
  const isJudged = rows.some((row) => judgements(row).length > 0);
  const columns: Column[] = [
    {
      title: kind === "tcp" ? "size" : "trial",
      cell: ({ trial }) => trial.replace(/^(flood|options|tcp|system calls) /, ""),
    },
    { title: "driver", cell: ({ driver }) => driver },
    // The userspace stack has next to nothing there.
    ...COLUMNS[kind].filter(({ title }) => stack === "kernel" || title !== KERNEL_MEMORY),
    ...ratios,
    ...(isJudged ? [targets] : []),
  ];
  return tableOf(TITLES[kind], columns, rows);
}

function tableOf(title: string, columns: Column[], rows: Row[]): Table {
  const cells = rows.map((row) =>
    columns.map((column) => row.rounds > 0 ? column.cell(row) : failedCell(column, row))
  );
  return { title, cells: [columns.map(({ title }) => title), ...cells] };
}

const failedCell = (column: Column, row: Row): string =>
  ["trial", "size", "driver", "targets"].includes(column.title) ? column.cell(row) : "failed";

function costTable(all: Row[]): Table {
  const rows = all.filter((row) =>
    ["flood", "options", "ping-pong", "window", "cycles"].includes(kindOf(row))
  );
  return tableOf("Spent on 1,000 messages (round trips, cycles), client / server, medians", [
    { title: "trial", cell: ({ trial }) => trial },
    { title: "driver", cell: ({ driver }) => driver },
    bothEnds("CPU ms", "cpu"),
    bothEnds("calls", "calls"),
    bothEnds("wakes", "wakes"),
    bothEnds("system calls", "counted"),
  ], rows);
}

export function tablesOf(stack: Stack, rows: Row[]): Table[] {
  const kinds = [...new Set(rows.map(kindOf))];
  return [...kinds.map((kind) => kindTable(kind, stack, rows)), costTable(rows)].filter(({ cells }) =>
    cells.length > 1
  );
}
