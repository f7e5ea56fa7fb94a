// diagrams.ts --write|--check: docs/diagrams/*.dot drawn as the .svg beside each. The layout is Graphviz's, compiled to
// WebAssembly and pinned, so that the same source gives the same bytes on every machine.
import { instance } from "@viz-js/viz";
import { readFileSync, writeFileSync } from "node:fs";
import { globSync } from "./glob.ts";

const FOLDER = "docs/diagrams";
/** Whose widths the layout knows. */
const FONT = "Arial";
const MODE = process.argv[2];

const viz = await instance();
const sources = globSync(FOLDER, /\.dot$/);
const problems: string[] = [];

for (const source of sources) {
  const target = source.replace(/dot$/, "svg");
  const drawn = viz.renderString(readFileSync(source, "utf8"), { format: "svg", engine: "dot" })
    .replaceAll(`font-family="${FONT}"`, `font-family="${FONT},Helvetica,sans-serif"`);
  if (MODE === "--write") writeFileSync(target, drawn);
  else if (drawn !== read(target)) problems.push(`${target} does not fit ${source}. Type: npm run format`);
}
for (const drawing of globSync(FOLDER, /\.svg$/)) {
  if (!sources.includes(drawing.replace(/svg$/, "dot"))) problems.push(`${drawing} has no source`);
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
