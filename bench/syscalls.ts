/** System calls of one process within its window, by strace: a check on what the shim counts by itself. */
import { readFileSync } from "node:fs";

/** The command that runs another one, with all its threads, under strace. */
export function underStrace(command: string[], file: string): string[] {
  return ["strace", "-f", "-qq", "-s", "64", "-o", file, ...command];
}

/** What makes an end do the system call that marks where its window opens and closes. */
export const MARK_ENVIRONMENT = { NETSCTP_BENCH_MARK: "1" };
const MARK = '"/netsctp-bench-window"';

/** Not system calls where a kernel has a vDSO, which User-Mode Linux has not: read, but not counted. */
const CLOCKS = new Set(["clock_gettime", "gettimeofday", "time"]);

/** How many there were, without looking at the clock. */
export function totalOf(counts: Record<string, number>): number {
  return Object.entries(counts).reduce((sum, [name, count]) => CLOCKS.has(name) ? sum : sum + count, 0);
}

/** By name; a call that strace shows in two lines, as another thread's came between, counts once. */
export function countSyscalls(file: string): Record<string, number> {
  const counts: Record<string, number> = {};
  let marks = 0;
  for (const line of readFileSync(file, "utf8").split("\n")) {
    if (line.includes(MARK)) marks++;
    else if (marks === 1) {
      const [, name] = line.match(/^\d+ +([a-z_0-9]+)\(/) ?? [];
      if (name) counts[name] = (counts[name] ?? 0) + 1;
    }
  }
  if (marks !== 2) throw new Error(`strace saw ${marks} marks, not 2`);
  return counts;
}
