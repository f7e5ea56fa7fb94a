// npm run bench -- [--quick] [--only PATTERN] [--json FILE] [--write]
// Measures ours on Node and Deno beside C, on both stacks. PATTERN is a regular expression for what is measured,
// such as "kernel/flood" or "userspace/ping-pong 64 B/node"; the baseline comes along. --write: docs/benchmarks.md.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import process from "node:process";
import { parseArgs } from "node:util";
import type { Stack } from "./drivers/driver.ts";
import { describeMachine } from "./machine.ts";
import type { Result } from "./one_run.ts";
import { Progress } from "./progress.ts";
import { document, machineLines, terminalReport } from "./report.ts";
import { kernelPlace, planSession, runHere, runInGuest, STACKS } from "./session.ts";
import { type Row, summarize } from "./summary.ts";
import { FULL, QUICK } from "./trials.ts";

function options() {
  try {
    return parseArgs({
      options: {
        quick: { type: "boolean" },
        only: { type: "string" },
        json: { type: "string" },
        write: { type: "boolean" },
      },
    }).values;
  } catch (error) {
    console.error(
      `${
        (error as Error).message
      }\nusage: npm run bench -- [--quick] [--only PATTERN] [--json FILE] [--write]`,
    );
    process.exit(2);
  }
}

const { quick, only, json, write } = options();
const plan = quick ? QUICK : FULL;
const pattern = only === undefined ? undefined : new RegExp(only);
const sessions = new Map(STACKS.map((stack) => [stack, planSession(stack, plan, pattern)]));
const place = kernelPlace();
if (place === "nowhere") {
  console.error(
    "kernel stack left out: no SCTP in this kernel, and no linux.uml (apt-get install user-mode-linux)",
  );
  sessions.delete("kernel");
}

execFileSync("make", ["-s", "-C", "bench"], { stdio: ["ignore", "inherit", "inherit"] });
const machine = describeMachine();
const results: Result[] = [];
const progress = new Progress([...sessions.values()].reduce((sum, { runs }) => sum + runs.length, 0));
const take = (result: Result) => {
  results.push(result);
  progress.step(`${result.stack}, ${result.trial}, ${result.driver}`);
};

for (const [stack, session] of sessions) {
  if (session.runs.length === 0) continue;
  if (stack === "userspace" || place === "here") await runHere(session, take);
  else machine["kernel of the guest"] = `${await runInGuest(session, take)}, User-Mode Linux, 1 processor`;
}
progress.end();

const stacks: Array<[Stack, Row[]]> = [...sessions.keys()].map((stack) => [stack, summarize(stack, results)]);
const shown = stacks.filter(([, rows]) => rows.length > 0);
const command = ["npm run bench --", ...process.argv.slice(2)].join(" ");
console.log(machineLines(machine).join("\n"));
for (const [stack, rows] of shown) console.log(`\n${terminalReport(stack, rows)}`);
if (json) {
  const rows = shown.flatMap(([, rows]) => rows);
  writeFileSync(json, `${JSON.stringify({ command, machine, plan, rows, results }, null, 2)}\n`);
}
if (write) writeFileSync("docs/benchmarks.md", document(machine, command, shown));
process.exitCode = results.some((result) => "failure" in result) || results.length === 0 ? 1 : 0;
