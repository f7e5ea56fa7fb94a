/** The doctor's checks on recorded machines, and runs of the command. */
import { spawn } from "node:child_process";
import process from "node:process";
import type { Context, StackState } from "../../cli/doctor/context.ts";
import { distributionOf } from "../../cli/doctor/distribution.ts";
import type { Finding } from "../../cli/doctor/finding.ts";
import type { System } from "../../cli/doctor/system.ts";
import { COMMAND } from "./command_line.ts";

export const WORKS: StackState = { usable: true, reason: "works" };
export const ABSENT: StackState = {
  usable: false,
  code: "ERR_SCTP_UNAVAILABLE",
  reason: "the kernel's sctp module is not loaded: try `modprobe sctp`",
};

export function contextOf(system: System, different: Partial<Context> = {}): Context {
  return {
    system,
    distribution: distributionOf(system),
    stacks: { kernel: WORKS, userspace: WORKS },
    wanted: "auto",
    udpPort: 9899,
    timeoutMs: 1000,
    ...different,
  };
}

/** The only finding of that kind. */
export function only(findings: readonly Finding[], id: string): Finding {
  const found = findings.filter((one) => one.id === id);
  if (found.length !== 1) {
    throw new Error(`${found.length} findings ${id} among ${findings.map((one) => one.id).join(" ")}`);
  }
  return found[0]!;
}

export interface Report {
  verdict: string;
  exitCode: number;
  serves: string | null;
  findings: Finding[];
  notProbed: string[];
}

export interface DoctorRun {
  code: number | null;
  stdout: string;
  stderr: string;
}

export const DOCTOR = [...COMMAND, "doctor"];

/** Runs a command; the stack is the doctor's own choice unless `env` says otherwise. */
export function runCommand(
  [file, ...args]: string[],
  env: Record<string, string> = {},
): Promise<DoctorRun> {
  const { NETSCTP_STACK: _, NETSCTP_UDP_PORT: __, ...inherited } = process.env;
  const child = spawn(file!, args, { env: { ...inherited, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  const run: DoctorRun = { code: null, stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => run.stdout += chunk);
  child.stderr.on("data", (chunk) => run.stderr += chunk);
  return new Promise((resolve, reject) => {
    child.on("error", reject).on("close", (code) => resolve({ ...run, code }));
  });
}

/** A run whose report is read. */
export function examined(args: string[] = [], env: Record<string, string> = {}): Promise<Report> {
  return reported([...DOCTOR, "--json", ...args], env);
}

/** The same by root without a capability, as in a container. */
export function examinedWithout(capability: string): Promise<Report> {
  return reported(["setpriv", `--bounding-set=-${capability}`, "--", ...DOCTOR, "--json"]);
}

async function reported(command: string[], env: Record<string, string> = {}): Promise<Report> {
  const { code, stdout, stderr } = await runCommand(command, env);
  try {
    const report = JSON.parse(stdout) as Report;
    if (report.exitCode !== code) throw new Error(`ended with ${code}, the report says ${report.exitCode}`);
    return report;
  } catch (error) {
    throw new Error(`${(error as Error).message}; it said:\n${stdout}${stderr}`);
  }
}
