/** Measures: plans the runs of both stacks, makes them, keeps what comes. */
import { execFileSync } from "node:child_process";
import process from "node:process";
import { runInGuest } from "./guest.ts";
import { describeMachine } from "./machine.ts";
import type { Result } from "./one_run.ts";
import type { Options } from "./options.ts";
import { Progress } from "./progress.ts";
import { Keeper, type Saved } from "./results.ts";
import { kernelPlace, planSession, runHere, STACKS } from "./session.ts";
import { FULL, QUICK } from "./trials.ts";

// By default a signal would end this process without 'exit', and leave both ends of a run behind.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(130));

/** What came, and whether that is all: a guest may end early. */
export async function measure({ quick, only, beside }: Options): Promise<Saved & { isComplete: boolean }> {
  const plan = quick ? QUICK : FULL;
  const sessions = new Map(STACKS.map((stack) => [stack, planSession(stack, plan, only, beside)]));
  const place = kernelPlace();
  let isComplete = true;
  if (place === "nowhere" && sessions.get("kernel")!.runs.length > 0) {
    isComplete = false;
    console.error(
      "kernel stack left out: no SCTP in this kernel, and no linux.uml (apt-get install user-mode-linux)",
    );
    sessions.delete("kernel");
  }
  execFileSync("make", ["-s", "-C", "bench"], { stdio: ["ignore", "inherit", "inherit"] });

  const command = ["npm run bench --", ...process.argv.slice(2)].join(" ").replace(/ --$/, "");
  const head = { command, date: new Date().toISOString(), machine: describeMachine(), plan };
  const keeper = new Keeper(head);
  console.error(`results are kept in ${keeper.file}`);
  const results: Result[] = [];
  const progress = new Progress([...sessions.values()].reduce((sum, { runs }) => sum + runs.length, 0));
  const take = (result: Result) => {
    results.push(result);
    keeper.add(result);
    progress.step(`${result.stack}, ${result.trial}, ${result.driver}`);
  };
  const takeKernel = (version: string) => {
    head.machine["kernel of the guest"] = `${version}, User-Mode Linux, 1 processor`;
    keeper.addMachine(head.machine);
  };
  for (const [stack, session] of sessions) {
    if (session.runs.length === 0) continue;
    if (stack === "userspace" || place === "here") await runHere(session, take);
    else {
      await runInGuest(session, takeKernel, take).catch((error: Error) => {
        console.error(error.message);
        isComplete = false;
      });
    }
  }
  progress.end();
  return { heads: [head], results, isComplete };
}
