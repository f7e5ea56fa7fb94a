// gen_presets.ts [--check]: the table of presets in docs/tuning.md is what core/options/presets.ts says.
import { readFileSync } from "node:fs";
import { PRESETS } from "../core/options/presets.ts";
import { keepGenerated } from "./generated.ts";

const SOURCE = "core/options/presets.ts";
const DOCUMENT = "docs/tuning.md";
const [BEGIN, END] = ["<!-- presets: begin -->\n", "<!-- presets: end -->\n"];

type Options = (typeof PRESETS)[keyof typeof PRESETS];

/** A column each: what its title says, of a set of options; nothing where that is the stack's. */
const COLUMNS: readonly (readonly [title: string, cell: (options: Options) => unknown])[] = [
  ["`rto` initial, min, max", ({ rto }) => rto && `${rto.initial}, ${rto.min}, ${rto.max}`],
  ["`retransmissions.path`", ({ retransmissions }) => retransmissions?.path],
  ["`heartbeat`", ({ heartbeat }) => heartbeat],
  ["`init`", ({ init }) => init && `${init.attempts} times, ${init.timeout}`],
  ["`sack.delay`", ({ sack }) => sack?.delay],
  ["`streams`", ({ streams }) => streams?.outbound],
];

const line = (cells: readonly unknown[]) => `| ${cells.map((cell) => cell ?? "").join(" | ")} |\n`;
const rows = Object.entries(PRESETS).map(([name, options]) =>
  line([`\`${name}\``, ...COLUMNS.map(([, cell]) => cell(options))])
);
const table = [
  line(["`sctp.preset`", ...COLUMNS.map(([title]) => title)]),
  line(["---", ...COLUMNS.map(() => "---")]),
  ...rows,
];

/** All numbers in a value, however deep. */
const numbersIn = (value: unknown): unknown[] =>
  Object(value) === value ? Object.values(value as object).flatMap(numbersIn) : [value];

for (const [i, [name, options]] of Object.entries(PRESETS).entries()) {
  const shown: readonly string[] = rows[i]!.match(/\d+/g) ?? [];
  const missing = numbersIn(options).find((value) => !shown.includes(String(value)));
  if (missing === undefined) continue;
  console.error(`${SOURCE}: ${name} has ${missing}, which no column of tools/gen_presets.ts shows: add one`);
  process.exitCode = 1;
}

const [above, rest] = readFileSync(DOCUMENT, "utf8").split(BEGIN) as [string, string];
keepGenerated(DOCUMENT, [above, BEGIN, "\n", ...table, "\n", END, rest.split(END)[1]].join(""), SOURCE);
