/** Which runs there are, in which order, and where they are made. */
import { spawnSync } from "node:child_process";
import { beforeOf, driverNamed, isOurs } from "./drivers/all.ts";
import type { Stack } from "./drivers/driver.ts";
import { oneRun, type Result, type Run } from "./one_run.ts";
import { type Plan, type Trial, trialNamed, TRIALS } from "./trials.ts";

export const STACKS: readonly Stack[] = ["userspace", "kernel"];

/** One stack's runs, with how to make them. */
export interface Session {
  plan: Plan;
  runs: Run[];
  /** Another checkout, which the drivers that are "before" run. */
  before?: string;
}

/** Who takes part in a trial: what ours is compared with comes along, as a figure alone says little. */
function picked(stack: Stack, trial: Trial, only: RegExp | undefined): readonly string[] {
  const names = trial.drivers[stack];
  const wanted = names.filter((name) => !only || only.test(`${stack}/${trial.name}/${name}`));
  if (!wanted.some(isOurs)) return wanted;
  return names.filter((name) => wanted.includes(name) || !isOurs(name));
}

/**
 * @param before another checkout of netsctp, built: each of ours is then compared with the same driver over that one
 */
export function planSession(stack: Stack, plan: Plan, only: RegExp | undefined, before?: string): Session {
  const runs: Run[] = [];
  for (let round = 0; round < plan.rounds; round++) {
    for (const trial of TRIALS) {
      if (round >= (trial.rounds ?? plan.rounds) || (trial.only ?? plan.name) !== plan.name) continue;
      const all = picked(stack, trial, only);
      const drivers = before ? all.filter(isOurs).flatMap((name) => [name, beforeOf(name)]) : all;
      // Nobody is always the first.
      for (let i = 0; i < drivers.length; i++) {
        runs.push({ stack, trial: trial.name, driver: drivers[(i + round) % drivers.length]!, round });
      }
    }
  }
  return { plan, runs, ...(before && { before }) };
}

/** Makes the runs one after the other, in this process's kernel. */
export async function runHere(
  { plan, runs, before }: Session,
  report: (result: Result) => void,
): Promise<void> {
  for (const run of runs) {
    report(await oneRun(run, trialNamed(run.trial)!, driverNamed(run.driver, before), plan));
  }
}

/** Where the kernel's stack can be measured. */
export function kernelPlace(): "here" | "guest" | "nowhere" {
  if (spawnSync("tools/has_kernel_sctp").status === 0) return "here";
  return spawnSync("linux.uml", ["--version"]).status === 0 ? "guest" : "nowhere";
}
