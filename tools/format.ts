// What `npm run format` runs: rewrites what the formatters decide and what is generated.
import { spawnSync } from "node:child_process";
import { formatters } from "./sources.ts";

const ours = (script: string) => [process.execPath, "--import", "tsx", `tools/${script}`, "--write"];

const commands = [
  ...formatters("write"),
  ...["gen_layout.ts", "gen_calls.ts", "gen_options.ts", "gen_presets.ts"].map(ours),
  ["bash", "tools/setup.sh", "build"], // with what has just been generated; the rest runs it
  ...["gen_cli_docs.ts", "check_decisions.ts", "diagrams.ts"].map(ours),
];
for (const [file, ...args] of commands) {
  if (spawnSync(file!, args, { stdio: "inherit" }).status !== 0) process.exitCode = 1;
}
