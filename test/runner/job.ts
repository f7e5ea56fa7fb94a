import { resolve } from "node:path";
import { exec, type Exit } from "../../tools/exec.ts";
import { freeUdpPort } from "../../tools/free_udp_port.ts";
import { nodeArguments } from "./node_arguments.ts";
import type { Job, Runtime } from "./parts.ts";
import { kernelVersion, versionOf } from "./versions.ts";

export interface Result {
  job: Job;
  passed: number;
  failed: number;
  skipped: number;
  /** What the `SKIP ` lines said. */
  skips: string[];
  /** The whole output, kept only where something failed. */
  output: string;
  ms: number;
  /** The version of the kernel it ran on; empty if it did not run. */
  kernel: string;
}

/** Far above what any file takes, for it only has to end a run that hangs. */
const JOB_LIMIT_MS = 360_000;

/** The same for make, which compiles first, and for hosts, whose programs start beside the other tests of a guest. */
export const LONG_JOB_LIMIT_MS = 600_000;

const PROGRAMS: Record<Runtime, string> = {
  node: process.execPath,
  deno: "node_modules/deno/deno",
  bun: "node_modules/bun/bun",
};

const DENO_ARGUMENTS = [
  "run",
  "--allow-all",
  "--no-prompt",
  "--cached-only",
  "--preload",
  "test/runner/deno_exit.ts",
];

/** The runtime that a job is for. */
export function programOf({ runtime = "node", version }: Job): string {
  return version ? `build/runtimes/node_modules/${runtime}-${version}/bin/${runtime}` : PROGRAMS[runtime];
}

const isMake = (job: Job) => job.file.startsWith("make ");

/** Puts a command into a network namespace of its own, as root of it. */
export function inOwnNetwork(command: string[]): string[] {
  const asRoot = process.getuid!() === 0 ? [] : ["--map-root-user"];
  return ["unshare", ...asRoot, "--net", "--", ...command];
}

function commandOf(job: Job): string[] {
  return job.ownNetwork ? inOwnNetwork(plainCommandOf(job)) : plainCommandOf(job);
}

function plainCommandOf(job: Job): string[] {
  if (isMake(job)) return [...job.file.split(" "), "-s", "-C", "c", ...libraryOf(job)];
  if (!job.file.endsWith(".ts")) return [programOf(job), job.file];
  return [programOf(job), ...argumentsOf(job)];
}

function argumentsOf(job: Job): string[] {
  if (job.runtime === "bun") return [job.file];
  if (job.runtime === "deno") return [...DENO_ARGUMENTS, job.file];
  return nodeArguments(versionOf(programOf(job))!, job.file);
}

/** Where a stack is asked for, make tests that stack's shared object alone. */
function libraryOf({ stack }: Job): string[] {
  return stack ? [`LIBRARIES=${resolve("build", `netsctp_${stack}.so`)}`] : [];
}

async function environmentOf(job: Job): Promise<Record<string, string | undefined>> {
  const { NETSCTP_STACK: _stack, NETSCTP_UDP_PORT: _port, ...rest } = process.env;
  return {
    ...rest,
    NO_COLOR: "1",
    DENO_NO_UPDATE_CHECK: "1",
    // One userspace stack owns one UDP port: two processes at once need two.
    NETSCTP_UDP_PORT: String(await freeUdpPort()),
    ...(job.stack && { NETSCTP_STACK: job.stack }),
    ...(job.runtime && { NETSCTP_TEST_RUNTIME: job.runtime }),
  };
}

export async function runJob(job: Job): Promise<Result> {
  const limit = isMake(job) || job.ownNetwork ? LONG_JOB_LIMIT_MS : JOB_LIMIT_MS;
  const exit = await exec(commandOf(job), await environmentOf(job), limit, hasFailed);
  const skips = [...exit.output.matchAll(/^SKIP (.*)$/gm)].map((match) => match[1]!.trim());
  const counts = isMake(job) ? countOfMake(exit) : countOfUvu(exit);
  const skipped = Math.max(counts.skipped, skips.length);
  const trouble = troubleOf(exit, limit, counts, skipped);
  return {
    job,
    passed: counts.passed,
    failed: counts.failed + (trouble && counts.failed === 0 ? 1 : 0),
    skipped,
    skips,
    output: trouble ? `${exit.output.trimEnd()}\n${trouble}` : counts.failed > 0 ? exit.output : "",
    ms: exit.ms,
    kernel: kernelVersion(),
  };
}

/** A test that has failed leaves its sockets open: nobody need wait for that process to end by itself. */
function hasFailed(output: string): boolean {
  const [, total, passed] = /^ +Total: +(\d+)\n +Passed: +(\d+)$/m.exec(output) ?? [];
  return total !== passed;
}

interface Counts {
  total: number;
  passed: number;
  failed: number;
  skipped: number;
}

/** The runner's own words about an ending that the test framework did not see. */
function troubleOf(exit: Exit, limit: number, counts: Counts, skipped: number): string | undefined {
  if (exit.timedOut) {
    return `[did not end within ${limit / 1000} s: a test hangs or something is left open]`;
  }
  if (exit.signal) return `[ended by ${exit.signal}]`;
  if (counts.total === 0 && (skipped === 0 || exit.code !== 0)) {
    return `[no test reported a result; exit status ${exit.code}]`;
  }
  if (exit.code !== 0 && counts.failed === 0) return `[all passed, yet exit status ${exit.code}]`;
}

function countOfUvu({ output }: Exit): Counts {
  const last = (label: string) =>
    Number([...output.matchAll(new RegExp(`^ +${label}: +(\\d+)$`, "gm"))].at(-1)?.[1] ?? 0);
  const total = last("Total");
  const passed = last("Passed");
  // Not from the exit status: uvu leaves that at 0 when a `before` hook throws.
  return { total, passed, failed: total - passed, skipped: last("Skipped") };
}

function countOfMake({ output }: Exit): Counts {
  const closing = [...output.matchAll(/^(\d+) passed, (\d+) failed/gm)].at(-1);
  const [passed, failed] = [Number(closing?.[1] ?? 0), Number(closing?.[2] ?? 0)];
  return { total: passed + failed, passed, failed, skipped: 0 };
}
