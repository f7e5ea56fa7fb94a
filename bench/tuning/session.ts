/** Which runs there are, and how each is made. */
import type { Stack } from "../drivers/driver.ts";
import { oneRun, type Result, type Run } from "../one_run.ts";
import type { Session } from "../session.ts";
import type { Plan, Trial } from "../trials.ts";
import { driverOf, type Knob, knobNamed, KNOBS } from "./knobs.ts";

/** All loads of ./loads.ts: the time is that of each. */
const TRIAL: Trial = {
  kind: "flood",
  name: "tuning",
  load: "echo", // so that each end has a processor of its own
  size: 0,
  associations: 1,
  outstanding: 1,
  drivers: { kernel: [], userspace: [] },
};

export const PLAN: Plan = {
  name: "full",
  rounds: 3,
  warmUpMs: { userspace: 300, kernel: 1000 },
  runMs: 700,
  settleMs: 0,
  idleMs: 0,
};

// So many knobs share a run of what they are measured beside: a machine that others use changes from minute to minute.
const GROUP = 4;

/** What knobs are measured beside, and they. */
function groupsOf(knobs: readonly Knob[]): Knob[][] {
  const bases = knobs.filter(({ name, base }) => name === base);
  return bases.flatMap((base) => {
    const mine = knobs.filter((knob) => knob.base === base.name && knob !== base);
    const count = Math.ceil(mine.length / GROUP);
    return Array.from({ length: count }, (_, i) => [base, ...mine.slice(i * GROUP, (i + 1) * GROUP)]);
  });
}

export function planTuning(stack: Stack, only: RegExp | undefined, hasLimits: boolean, plan: Plan): Session {
  const groups = groupsOf(
    KNOBS.filter(({ name, base, ...knob }) =>
      (!knob.stack || knob.stack === stack) && (hasLimits || knob.limits === undefined) &&
      (!only || name === base || only.test(name))
    ),
  );
  const runs: Run[] = [];
  for (let round = 0; round < plan.rounds; round++) {
    for (const [base, ...knobs] of turned(groups, round)) {
      for (const { name } of [base!, ...turned(knobs, round)]) {
        runs.push({ stack, trial: TRIAL.name, driver: name, round });
      }
    }
  }
  return { plan, runs };
}

/** Nobody is always the first. */
const turned = <T>(list: readonly T[], by: number): T[] => list.map((_, i) => list[(i + by) % list.length]!);

export async function runTuning({ plan, runs }: Session, report: (result: Result) => void): Promise<void> {
  for (const run of runs) report(await oneRun(run, TRIAL, driverOf(knobNamed(run.driver)), plan));
}
