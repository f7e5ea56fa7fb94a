/** One run: a server and a client, each a process of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { freeUdpPort } from "../tools/free_udp_port.ts";
import type { Driver, Stack } from "./drivers/driver.ts";
import type { EndReport } from "./ends/window.ts";
import { countSyscalls, MARK_ENVIRONMENT, underStrace } from "./syscalls.ts";
import type { Plan, Trial } from "./trials.ts";

/** Names only, so that it can be handed to the guest, and kept. */
export interface Run {
  stack: Stack;
  trial: string;
  driver: string;
  round: number;
}

export type Good = Run & { server: EndReport; client: EndReport };
export type Failed = Run & { failure: string };
export type Result = Good | Failed;

export const isGood = (result: Result): result is Good => "server" in result;

// Beyond the time a run takes by itself; a stalled association is given up by its stack only after minutes.
const LIMIT_MS = 20_000;
const LIMIT_EACH_MS = 4; // to set up and tear down an association

const running = new Set<ChildProcess>();
process.on("exit", () => running.forEach((child) => child.kill("SIGKILL")));

// 10,000 associations are as many descriptors on the kernel's stack. Who is root (in the guest) may have them.
const MANY_DESCRIPTORS = 'ulimit -Hn 65536 2>/dev/null; ulimit -n "$(ulimit -Hn)"; exec "$@"';

/** Starts one end; gives what it prints, line by line, and rejects where it fails. */
function startEnd(role: string, command: string[], env: Record<string, string | undefined>) {
  const child = spawn("sh", ["-c", MANY_DESCRIPTORS, "sh", ...command], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  let errors = "";
  child.stderr.on("data", (chunk) => errors += chunk);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const ended = new Promise<void>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => {
      running.delete(child);
      if (code === 0) return resolve();
      reject(new Error(`the ${role} ended with ${signal ?? `status ${code}`}: ${errors.trim()}`));
    });
  });
  ended.catch(() => {}); // seen by whoever awaits next() or ended
  return {
    child,
    ended,
    async next<T>(): Promise<T> {
      const { value, done } = await lines.next();
      if (!done) return JSON.parse(value);
      await ended;
      throw new Error(`the ${role} ended without a report`);
    },
  };
}

/** How the two ends are started. */
interface Commands {
  server: string[];
  client: string[];
  env: Record<string, string | undefined>;
}

async function bothEnds({ server: serverCommand, client: clientCommand, env }: Commands, limitMs: number) {
  const server = startEnd("server", serverCommand, env);
  const started = [server];
  const limit = setTimeout(() => {
    for (const { child } of started) child.kill("SIGKILL");
  }, limitMs);
  try {
    const { port } = await server.next<{ port: number }>();
    const client = startEnd("client", [...clientCommand, String(port)], env);
    started.push(client);
    const reports = await Promise.all([server.next<EndReport>(), client.next<EndReport>()]);
    await Promise.all([server.ended, client.ended]);
    return { server: reports[0], client: reports[1] };
  } finally {
    clearTimeout(limit);
    for (const { child } of started) if (running.has(child)) child.kill("SIGKILL");
  }
}

async function bothEndsUnderStrace({ server, client, env }: Commands, limitMs: number) {
  const folder = mkdtempSync(join(tmpdir(), "netsctp-strace-"));
  const file = (role: string) => join(folder, role);
  try {
    const reports = await bothEnds({
      server: underStrace(server, file("server")),
      client: underStrace(client, file("client")),
      env: { ...env, ...MARK_ENVIRONMENT },
    }, limitMs);
    reports.server.syscalls = countSyscalls(file("server"));
    reports.client.syscalls = countSyscalls(file("client"));
    return reports;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function timesOf({ kind, load }: Trial, stack: Stack, plan: Plan): [warmUpMs: number, runMs: number] {
  if (load === "idle") return [plan.settleMs, plan.idleMs];
  // What a runtime does while it warms up would count for much, as strace lets so few messages through.
  const slowness = kind === "system calls" ? 3 : 1;
  const rareness = load === "cycle" ? 2 : 1; // each runs much code once
  return [plan.warmUpMs[stack] * slowness * rareness, plan.runMs * slowness];
}

/**
 * Each end on a processor of its own, where one waits for the other: left to the scheduler, a round trip takes 16 or
 * 56 us, as it happens to put both on one or not.
 */
function apart(load: Trial["load"], role: string): string[] {
  if (cpus().length === 1 || (load !== "echo" && load !== "scale")) return [];
  return ["taskset", "-c", role === "server" ? "1" : "0"];
}

/** Never rejects: a run that fails is a result, too. */
export async function oneRun(run: Run, trial: Trial, driver: Driver, plan: Plan): Promise<Result> {
  const { load, size, associations, outstanding } = trial;
  const isTraced = trial.kind === "system calls";
  const [warmUpMs, runMs] = timesOf(trial, run.stack, plan);
  const commandOf = (role: string) => [
    ...apart(load, role),
    ...driver.command(run.stack),
    ...[role, load, size, warmUpMs, runMs, associations, outstanding].map(String),
  ];
  const limitMs = warmUpMs + runMs + LIMIT_MS + associations * LIMIT_EACH_MS;
  const start = isTraced ? bothEndsUnderStrace : bothEnds;
  try {
    const env = {
      ...process.env,
      NETSCTP_STACK: run.stack,
      NETSCTP_UDP_PORT: String(await freeUdpPort()),
      NO_COLOR: "1",
    };
    const commands = { server: commandOf("server"), client: commandOf("client"), env };
    return { ...run, ...await start(commands, limitMs) };
  } catch (error) {
    return { ...run, failure: (error as Error).message };
  }
}
