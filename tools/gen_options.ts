// gen_options.ts [--check]: core/options/options.gen.ts, the tables of docs/capabilities.md and one in README.md are what
// c/sctp_options.def says.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { keepGenerated } from "./generated.ts";

interface Row {
  name: string;
  number: number;
  path: string;
  least: number;
  most: number;
  kind: string;
  when: string;
  scope: string;
  stacks: string;
}

/** What is no option. */
interface Feature {
  path: string;
  stacks: string;
  /** What to do on a stack that lacks it. */
  cure: string;
}

const SOURCE = "c/sctp_options.def";
const DOCUMENT = "docs/capabilities.md";
const MARK = "<!-- the rest is written by `npm run format` -->\n";

execFileSync("make", ["-s", "-C", "c", "options"], { stdio: ["ignore", "inherit", "inherit"] });
const lines = execFileSync("build/options_dump", { encoding: "utf8" }).trim().split("\n")
  .map((line) => JSON.parse(line) as Row | Feature);
const features = lines.filter((line): line is Feature => "cure" in line);
const rows = lines.filter((line): line is Row => !("cure" in line))
  .map((row) => row.kind === "word" ? { ...row, least: row.least >>> 0, most: row.most >>> 0 } : row);

/** What core has to know of it: which stack has it is for the shim to say. */
function literal({ name, path, kind, least, most, when, scope }: Row): string {
  return `  ${name}: { path: "${path}", kind: "${kind}", least: ${least}, most: ${most}, when: "${when}", scope: "${scope}" },\n`;
}

function featureLiteral({ path, stacks, cure }: Feature): string {
  const lacking = stacks === "kernel" ? "userspace" : "kernel";
  return `  "${path}": {${stacks === "both" ? "" : ` ${lacking}: ${JSON.stringify(cure)} `}},\n`;
}

/** Written out, as a type of the public API may stand on no other. */
function namesOfFeatures(): string[] {
  return [...rows.map(({ path }) => path).filter((path) => path !== ""), ...features.map(({ path }) => path)];
}

keepGenerated(
  "core/options/options.gen.ts",
  `// GENERATED from ${SOURCE} by tools/gen_options.ts: do not edit, run \`npm run format\` instead.

/** Every option: what users call it, what it may be, when it may be set, and what it is of. */
export const OPTIONS = {
${rows.map(literal).join("")}} as const;

/** What is no option: under the name of a stack that lacks it, what to do there. */
export const FEATURES = {
${features.map(featureLiteral).join("")}} as const;

/** What \`supports()\` can be asked for, by its name in the API: options, and what else a stack may lack. */
export type Feature =
${namesOfFeatures().map((name) => `  | "${name}"`).join("\n")};
`,
  SOURCE,
);

const WHEN: Record<string, string> = {
  before: "before",
  live: "before, live",
  now: "live",
  read: "read only",
};
const STACKS: Record<string, [kernel: string, userspace: string]> = {
  both: ["yes", "yes"],
  kernel: ["yes", "no"],
  userspace: ["no", "yes"],
};

function documented(row: Row): string {
  const range = row.when === "read" || row.kind === "verb" ? "" : `${row.least} to ${row.most}`;
  const path = row.path && `\`${row.path}\``;
  return `| ${
    [`\`${row.name}\``, path, range, WHEN[row.when], row.scope, ...STACKS[row.stacks]!].join(" | ")
  } |\n`;
}

function documentedFeature({ path, stacks, cure }: Feature): string {
  const cells = STACKS[stacks]!.map((answer) => answer === "no" ? `no: ${cure}` : answer);
  return `| ${[`\`${path}\``, ...cells].join(" | ")} |\n`;
}

const [head] = readFileSync(DOCUMENT, "utf8").split(MARK);
const table = (titles: string[], lines: string[]) =>
  [titles, titles.map(() => "---")].map((line) => `| ${line.join(" | ")} |\n`).concat(lines).join("");
const titles = ["option", "name in the API", "range", "when", "scope", "kernel", "userspace"];
const text = [
  head,
  MARK,
  "\n",
  table(titles, rows.map(documented)),
  "\nWhat is no option:\n\n",
  table(["name in the API", "kernel", "userspace"], features.map(documentedFeature)),
];
keepGenerated(DOCUMENT, text.join(""), SOURCE);

/** What differs, for those who choose a stack. */
const README = "README.md";
const [BEGIN, END] = ["<!-- one stack only: begin -->\n", "<!-- one stack only: end -->\n"];
const ofOneStack = [...rows, ...features].filter(({ path, stacks }) => path !== "" && stacks !== "both")
  .map(({ path, stacks }) => `| \`${path}\` | ${STACKS[stacks]!.join(" | ")} |\n`);
const [above, rest] = readFileSync(README, "utf8").split(BEGIN) as [string, string];
const differing = table(["of one stack only", "the kernel's", "userspace"], ofOneStack);
keepGenerated(README, [above, BEGIN, "\n", differing, "\n", END, rest.split(END)[1]].join(""), SOURCE);
