/** Which runs there are, in which order, and where they are made. */
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { BASELINE, DRIVERS } from "./drivers/all.ts";
import type { Stack } from "./drivers/driver.ts";
import { oneRun, type Result, type Run } from "./one_run.ts";
import { type Plan, TRIALS } from "./trials.ts";

export const STACKS: readonly Stack[] = ["userspace", "kernel"];

/** One stack's runs, with how to make them. */
export interface Session {
  plan: Plan;
  runs: Run[];
}

/** The baseline comes along with whatever `only` picks: a figure alone says little. */
export function planSession(stack: Stack, plan: Plan, only: RegExp | undefined): Session {
  const runs: Run[] = [];
  for (let round = 0; round < plan.rounds; round++) {
    for (const { name: trial } of TRIALS) {
      const here = DRIVERS.filter((driver) => driver.stacks.includes(stack));
      const picked = here.filter(({ name }) => !only || only.test(`${stack}/${trial}/${name}`));
      if (picked.length === 0) continue;
      const drivers = [BASELINE, ...picked.filter((driver) => driver !== BASELINE)];
      // Nobody is always the first.
      for (let i = 0; i < drivers.length; i++) {
        const driver = drivers[(i + round) % drivers.length]!;
        runs.push({ stack, trial, driver: driver.name, round });
      }
    }
  }
  return { plan, runs };
}

/** Makes the runs one after the other, in this process's kernel. */
export async function runHere({ plan, runs }: Session, report: (result: Result) => void): Promise<void> {
  for (const run of runs) {
    const trial = TRIALS.find(({ name }) => name === run.trial)!;
    const driver = DRIVERS.find(({ name }) => name === run.driver)!;
    report(await oneRun(run, trial, driver, plan));
  }
}

/** Where the kernel's stack can be measured. */
export function kernelPlace(): "here" | "guest" | "nowhere" {
  if (spawnSync("tools/has_kernel_sctp").status === 0) return "here";
  return spawnSync("linux.uml", ["--version"]).status === 0 ? "guest" : "nowhere";
}

/** Makes the runs in one boot of the guest. Resolves with its kernel's version. */
export async function runInGuest(session: Session, report: (result: Result) => void): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "netsctp-bench-"));
  try {
    writeFileSync(join(folder, "session.json"), JSON.stringify(session));
    return await bootGuest(join(folder, "session.json"), report);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function bootGuest(file: string, report: (result: Result) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    const command = [process.execPath, "--import", "tsx", "bench/in_guest.ts", file];
    const guest = spawn("test/guest/run", ["-t", "14400", "--", ...command], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    const end = () => void guest.kill("SIGTERM");
    process.once("exit", end);
    let said = "";
    let kernel = "";
    guest.stderr.on("data", (chunk) => said += chunk);
    createInterface(guest.stdout).on("line", (line) => {
      if (!line.startsWith("{")) return void (said += `${line}\n`);
      const message = JSON.parse(line) as { kernel: string } | Result;
      if ("kernel" in message) kernel = message.kernel;
      else report(message);
    });
    guest.on("error", reject);
    guest.on("close", (code) => {
      process.off("exit", end);
      if (code === 0) resolve(kernel);
      else reject(new Error(`the guest ended with status ${code}\n${said}`));
    });
  });
}
