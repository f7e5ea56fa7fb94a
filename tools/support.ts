// support.ts [--check]: what the last run of the tests left in build/results/ becomes docs/support.json, and that the
// support matrix in README.md. With --check: whether README.md and the versions tested are those of the sources.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PARTS } from "../test/runner/parts.ts";
import { FOLDER, type Row } from "../test/runner/results.ts";

const JSON_FILE = "docs/support.json";
const README = "README.md";
const BEGIN = "<!-- support matrix: begin -->";
const END = "<!-- support matrix: end -->";
const NAMES: Record<string, string> = { node: "Node", deno: "Deno", bun: "Bun" };

function fail(problem: string): never {
  console.error(problem);
  process.exit(1);
}

// ------------------------------------------------------- from the results

/**
 * Every row there is. Parts that were not run would be missing from the matrix, as if they were not supported: only those
 * on a kernel that may be missing today are left out.
 */
function resultRows(): Row[] {
  const wanted = PARTS.filter((part) =>
    part.jobs(false).some(({ file, onOlderKernel }) => file.startsWith("test/socket/") && !onOlderKernel)
  );
  const missing = wanted.filter(({ name }) => !existsSync(join(FOLDER, `${name}.json`)));
  if (missing.length > 0) {
    fail(`not run yet: ${missing.map(({ name }) => name).join(", ")}; npm test runs all`);
  }
  const files = readdirSync(FOLDER).filter((file) => file.endsWith(".json"));
  return files.flatMap((file) => JSON.parse(readFileSync(join(FOLDER, file), "utf8")) as Row[]).sort(compare);
}

function compare(a: Row, b: Row): number {
  const order = Object.keys(NAMES);
  return order.indexOf(a.runtime) - order.indexOf(b.runtime) ||
    a.version.localeCompare(b.version, "en", { numeric: true }) ||
    // x64 with glibc is where the whole suite runs.
    Number(b.platform === "linux-x64-glibc") - Number(a.platform === "linux-x64-glibc") ||
    a.platform.localeCompare(b.platform, "en") ||
    a.stack.localeCompare(b.stack, "en") || b.what.localeCompare(a.what, "en");
}

// ------------------------------------------------------- to the matrix

function counts({ what, passed, failed, skipped }: Row): string {
  const parts = [
    `${passed} passed`,
    failed > 0 && `**${failed} failed**`,
    skipped > 0 && `${skipped} skipped`,
  ];
  return (what === "sockets" ? "" : `${what}: `) + parts.filter(Boolean).join(", ");
}

function matrix(rows: Row[]): string {
  const ends = new Map<string, Row[]>();
  for (const row of rows) {
    const end = `| ${NAMES[row.runtime]} ${row.version} | ${row.platform} |`;
    ends.set(end, [...ends.get(end) ?? [], row]);
  }
  const lines = [...ends].map(([end, ofEnd]) => {
    const cell = (stack: string) =>
      ofEnd.filter((row) => row.stack === stack).map(counts).join("; ") || "not run";
    return `${end} ${cell("userspace")} | ${cell("kernel")} |`;
  });
  const kernels = (stack: string) =>
    [...new Set(rows.filter((row) => row.stack === stack).map(({ kernel }) => kernel))].join(" and ");
  const day = rows.map(({ date }) => date).sort().at(-1);
  return `${BEGIN}

| runtime | platform | userspace stack | the kernel's stack |
| --- | --- | --- | --- |
${lines.join("\n")}

Tests of sockets, as CI ran them on ${day}: the userspace stack on Linux ${
    kernels("userspace")
  }, the kernel's on
Linux ${kernels("kernel")}. [What the words mean, and what is missing where](docs/support.md).

${END}`;
}

// ------------------------------------------------------- write, or check

const check = process.argv.includes("--check");
if (!check) writeFileSync(JSON_FILE, `${JSON.stringify(resultRows(), null, 2)}\n`);
const rows = JSON.parse(readFileSync(JSON_FILE, "utf8")) as Row[];

const readme = readFileSync(README, "utf8");
const [begin, end] = [readme.indexOf(BEGIN), readme.indexOf(END)];
if (begin < 0 || end < begin) fail(`${README} lacks ${begin < 0 ? BEGIN : END}`);
const fresh = readme.slice(0, begin) + matrix(rows) + readme.slice(end + END.length);
if (!check) writeFileSync(README, fresh);
else if (fresh !== readme) fail(`the support matrix in ${README} is not that of ${JSON_FILE}`);

const { devDependencies } = JSON.parse(readFileSync("package.json", "utf8"));
for (const runtime of ["deno", "bun"]) {
  const tested = rows.filter((row) => row.runtime === runtime && row.what === "sockets").map((row) =>
    row.version
  );
  if (tested.every((version) => version === devDependencies[runtime])) continue;
  fail(
    `${JSON_FILE} is of ${NAMES[runtime]} ${tested[0]}, package.json has ${
      devDependencies[runtime]
    }: npm test`,
  );
}
