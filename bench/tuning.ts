// npm run bench:tuning: what each option and setting is worth, on Node, by the size of the messages; for docs/tuning.md.
import { execFileSync } from "node:child_process";
import process from "node:process";
import { parseArgs } from "node:util";
import { runInGuest } from "./guest.ts";
import { describeMachine } from "./machine.ts";
import type { Result } from "./one_run.ts";
import { Progress } from "./progress.ts";
import { type Head, Keeper, readResults } from "./results.ts";
import { kernelPlace, STACKS } from "./session.ts";
import { tuningReport, writeTuning } from "./tuning/document.ts";
import { PLAN, planTuning, runTuning } from "./tuning/session.ts";

const USAGE = `npm run bench:tuning -- [--stack NAME] [--only PATTERN] [--rounds N] [--quick] [--from FILE]

  --stack NAME    kernel or userspace; both, unless it is given
  --only PATTERN  a regular expression for the knobs; what they are measured beside comes along
  --rounds N      how often
  --quick         one round of short runs, to see that all works
  --from FILE     measures nothing, takes the results that an earlier run has kept

Without --only and --quick it writes its part of docs/tuning.md.`;

const { values } = parseArgs({
  options: {
    stack: { type: "string" },
    only: { type: "string" },
    rounds: { type: "string", default: String(PLAN.rounds) },
    quick: { type: "boolean", default: false },
    from: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  console.log(USAGE);
  process.exit(0);
}

const plan = values.quick
  // An end that other programs keep waiting for longer than a run has no figure.
  ? { ...PLAN, rounds: 1, warmUpMs: { userspace: 50, kernel: 50 }, runMs: 1000 }
  : { ...PLAN, rounds: Number(values.rounds) };
const stacks = STACKS.filter((stack) => !values.stack || values.stack === stack);
const { head, results } = values.from ? readSaved(values.from) : await measure();

for (const stack of stacks) {
  const mine = results.filter((result) => result.stack === stack);
  if (mine.length === 0) continue;
  console.log(`== ${stack} stack ==\n\n${tuningReport(head, mine)}\n`);
  if (!values.only && !values.quick) writeTuning(stack, head, mine);
}
if (results.length === 0 || results.some((result) => "failure" in result)) process.exitCode = 1;

function readSaved(file: string): { head: Head; results: Result[] } {
  const { heads, results } = readResults([file]);
  return { head: heads[0]!, results };
}

async function measure(): Promise<{ head: Head; results: Result[] }> {
  const only = values.only === undefined ? undefined : new RegExp(values.only);
  const place = kernelPlace();
  const sessions = stacks.filter((stack) => stack !== "kernel" || place !== "nowhere")
    .map((stack) => [stack, planTuning(stack, only, place === "guest", plan)] as const);
  execFileSync("make", ["-s", "-C", "bench"], { stdio: ["ignore", "inherit", "inherit"] });

  const command = ["npm run bench:tuning --", ...process.argv.slice(2)].join(" ").replace(/ --$/, "");
  const head: Head = { command, date: new Date().toISOString(), machine: describeMachine(), plan };
  const keeper = new Keeper(head);
  const results: Result[] = [];
  const progress = new Progress(sessions.reduce((sum, [, { runs }]) => sum + runs.length, 0));
  const take = (result: Result) => {
    results.push(result);
    keeper.add(result);
    progress.step(`${result.stack}, ${result.driver}`);
  };
  for (const [stack, session] of sessions) {
    if (stack === "userspace" || place === "here") await runTuning(session, take);
    else {
      const onKernel = (version: string) => {
        head.machine["kernel of the guest"] = `${version}, User-Mode Linux, 1 processor`;
        keeper.addMachine(head.machine);
      };
      await runInGuest(session, onKernel, take, "bench/tuning/in_guest.ts");
    }
  }
  progress.end();
  console.error(`kept in ${keeper.file}`);
  return { head, results };
}
