/** Which runs there are, in which order, and where they are made. */
import { spawnSync } from "node:child_process";
import { driverNamed, isOurs } from "./drivers/all.ts";
import type { Stack } from "./drivers/driver.ts";
import { oneRun, type Result, type Run } from "./one_run.ts";
import { type Plan, type Trial, trialNamed, TRIALS } from "./trials.ts";

export const STACKS: readonly Stack[] = ["userspace", "kernel"];

/** One stack's runs, with how to make them. */
export interface Session {
  plan: Plan;
  runs: Run[];
}

/** Who takes part in a trial: what ours is compared with comes along, as a figure alone says little. */
function picked(stack: Stack, trial: Trial, only: RegExp | undefined): readonly string[] {
  const names = trial.drivers[stack];
  const wanted = names.filter((name) => !only || only.test(`${stack}/${trial.name}/${name}`));
  if (!wanted.some(isOurs)) return wanted;
  return names.filter((name) => wanted.includes(name) || !isOurs(name));
}

export function planSession(stack: Stack, plan: Plan, only: RegExp | undefined): Session {
  const runs: Run[] = [];
  for (let round = 0; round < plan.rounds; round++) {
    for (const trial of TRIALS) {
      if (round >= (trial.rounds ?? plan.rounds) || (trial.only ?? plan.name) !== plan.name) continue;
      const drivers = picked(stack, trial, only);
      // Nobody is always the first.
      for (let i = 0; i < drivers.length; i++) {
        runs.push({ stack, trial: trial.name, driver: drivers[(i + round) % drivers.length]!, round });
      }
    }
  }
  return { plan, runs };
}

/** Makes the runs one after the other, in this process's kernel. */
export async function runHere({ plan, runs }: Session, report: (result: Result) => void): Promise<void> {
  for (const run of runs) {
    report(await oneRun(run, trialNamed(run.trial)!, driverNamed(run.driver), plan));
  }
}

/** Where the kernel's stack can be measured. */
export function kernelPlace(): "here" | "guest" | "nowhere" {
  if (spawnSync("tools/has_kernel_sctp").status === 0) return "here";
  return spawnSync("linux.uml", ["--version"]).status === 0 ? "guest" : "nowhere";
}
