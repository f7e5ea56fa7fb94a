// What `npm run format` runs: rewrites what the formatters decide and what is generated.
import { spawnSync } from "node:child_process";
import { formatters } from "./sources.ts";

const generators = [
  "gen_layout.ts",
  "gen_calls.ts",
  "gen_options.ts",
  "gen_cli_docs.ts",
  "check_decisions.ts",
  "diagrams.ts",
]
  .map((script) => [
    process.execPath,
    "--import",
    "tsx",
    `tools/${script}`,
    "--write",
  ]);
for (const [file, ...args] of [...formatters("write"), ...generators]) {
  if (spawnSync(file!, args, { stdio: "inherit" }).status !== 0) process.exitCode = 1;
}
