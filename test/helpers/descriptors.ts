/** A process that has few descriptors, or none left. */
import { spawnSync } from "node:child_process";
import { openSync } from "node:fs";
import process from "node:process";
import * as assert from "uvu/assert";

/** Sets the soft limit of this process; there is nothing for that in either runtime. */
export function limitDescriptors(count: number): void {
  const { status, stderr } = spawnSync("prlimit", [`--pid=${process.pid}`, `--nofile=${count}:`]);
  assert.is(status, 0, String(stderr));
}

/** Deno opens what it needs for signals when that is first wanted, and panics where it then has no descriptor. */
export function openWhatSignalsNeed(): void {
  const onSignal = () => {};
  process.on("SIGUSR2", onSignal).off("SIGUSR2", onSignal);
}

/** Takes all descriptors there are. */
export function takeAll(): number[] {
  const taken: number[] = [];
  for (;;) {
    try {
      taken.push(openSync("/dev/null", "r"));
    } catch (error) {
      assert.is((error as NodeJS.ErrnoException).code, "EMFILE");
      return taken;
    }
  }
}
