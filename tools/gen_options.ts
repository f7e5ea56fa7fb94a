// gen_options.ts [--check]: core/options/options.gen.ts and the table of docs/capabilities.md are what c/sctp_options.def says.
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

const SOURCE = "c/sctp_options.def";
const DOCUMENT = "docs/capabilities.md";
const MARK = "<!-- the rest is written by `npm run format` -->\n";

execFileSync("make", ["-s", "-C", "c", "options"], { stdio: ["ignore", "inherit", "inherit"] });
const rows = execFileSync("build/options_dump", { encoding: "utf8" }).trim().split("\n")
  .map((line) => JSON.parse(line) as Row);

/** What core has to know of it: which stack has it is for the shim to say. */
function literal({ name, path, kind, least, most, when, scope }: Row): string {
  return `  ${name}: { path: "${path}", kind: "${kind}", least: ${least}, most: ${most}, when: "${when}", scope: "${scope}" },\n`;
}

keepGenerated(
  "core/options/options.gen.ts",
  `// GENERATED from ${SOURCE} by tools/gen_options.ts: do not edit, run \`npm run format\` instead.

/** Every option: what users call it, what it may be, when it may be set, and what it is of. */
export const OPTIONS = {
${rows.map(literal).join("")}} as const;
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
  const range = row.when === "read" ? "" : `${row.least} to ${row.most}`;
  const path = row.path && `\`${row.path}\``;
  return `| ${
    [`\`${row.name}\``, path, range, WHEN[row.when], row.scope, ...STACKS[row.stacks]!].join(" | ")
  } |\n`;
}

const [head] = readFileSync(DOCUMENT, "utf8").split(MARK);
const titles = ["option", "name in the API", "range", "when", "scope", "kernel", "userspace"];
const table = [titles, titles.map(() => "---")].map((line) => `| ${line.join(" | ")} |\n`);
keepGenerated(DOCUMENT, [head, MARK, "\n", ...table, ...rows.map(documented)].join(""), SOURCE);
