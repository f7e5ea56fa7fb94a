// What `npm run check` runs after set-up: everything about the sources that can be checked without running them.
// All steps run, so that one go shows all there is to fix.
import { exec } from "./exec.ts";
import { formatters, typeScriptFiles } from "./sources.ts";

const DENO = "node_modules/deno/deno";
const LIMIT_MS = 300_000;
const ours = (script: string) => [process.execPath, "--import", "tsx", `tools/${script}`];

const [typeScriptFormat, cFormat] = formatters("check");

const steps: Array<[name: string, command: string[], cure?: string]> = [
  ["format, TypeScript", typeScriptFormat, "npm run format"],
  ["format, C", cFormat, "npm run format"],
  ["lint", [DENO, "lint", "--quiet"]],
  ["types, Node", ["node_modules/.bin/tsc", "-p", "."]],
  ["types, Deno", [DENO, "check", "--quiet", ...typeScriptFiles("for Deno")]],
  ["import rules", ours("check_imports.ts")],
  ["file sizes", ours("check_sizes.ts")],
  ["record layout", [...ours("gen_layout.ts"), "--check"]],
  ["table of options", [...ours("gen_options.ts"), "--check"], "npm run format"],
  ["table of presets", [...ours("gen_presets.ts"), "--check"], "npm run format"],
  ["calls of the addon", [...ours("gen_calls.ts"), "--check"], "npm run format"],
  ["prebuilt libraries", ours("check_prebuilt.ts"), "npm run build:native"],
  ["command line docs", ours("gen_cli_docs.ts"), "npm run format"],
  ["decision records", ours("check_decisions.ts")],
  ["documentation", ours("check_docs.ts")],
  ["JSR package", ours("check_jsr.ts")],
  ["signatures", ours("check_signatures.ts")],
  ["texts of errors", ours("check_error_texts.ts")],
  ["diagrams", [...ours("diagrams.ts"), "--check"], "npm run format"],
  ["links, code blocks", ours("check_markdown.ts")],
  ["workflows", ours("check_workflows.ts")],
  ["release", [...ours("release/run.ts"), "check"]],
  ["support matrix", [...ours("support.ts"), "--check"], "npm run support, after npm test"],
];

const exits = steps.map(([, command]) => exec(command, process.env, LIMIT_MS));
let failed = 0;
for (const [index, [name, , cure]] of steps.entries()) {
  const exit = await exits[index]!;
  const good = exit.code === 0;
  if (!good) failed++;
  console.log(`${name.padEnd(20)} ${good ? "ok" : "FAILED"}`);
  if (!good) {
    console.log(exit.output.trimEnd().replace(/^/gm, "  ") + (cure ? `\n  to fix it: ${cure}` : ""));
  }
}
console.log(failed ? `\n${failed} of ${steps.length} checks failed` : `\nall ${steps.length} checks passed`);
process.exitCode = failed ? 1 : 0;
