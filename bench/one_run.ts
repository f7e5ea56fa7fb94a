/** One run: a server and a client, each a process of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import process from "node:process";
import { createInterface } from "node:readline";
import type { Driver, Stack } from "./drivers/driver.ts";
import type { EndReport } from "./ends/window.ts";
import type { Plan, Trial } from "./trials.ts";

/** Names only, so that it can be handed to the guest. */
export interface Run {
  stack: Stack;
  trial: string;
  driver: string;
  round: number;
}

export type Result = Run & ({ server: EndReport; client: EndReport } | { failure: string });

// Beyond the time a run takes by itself; a stalled association is given up by its stack only after minutes.
const LIMIT_MS = 20_000;

const running = new Set<ChildProcess>();
process.on("exit", () => running.forEach((child) => child.kill("SIGKILL")));

/** Both processes must agree on a UDP port, which the server's owns. */
async function freeUdpPort(): Promise<string> {
  const socket = createSocket("udp4").bind(0);
  await once(socket, "listening");
  const { port } = socket.address();
  socket.close();
  await once(socket, "close");
  return String(port);
}

/** Starts one end; gives what it prints, line by line, and rejects where it fails. */
function startEnd(role: string, command: string[], env: Record<string, string | undefined>) {
  const [file, ...args] = command;
  const child = spawn(file!, args, { env, stdio: ["ignore", "pipe", "pipe"] });
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

async function bothEnds(stack: Stack, trial: Trial, driver: Driver, plan: Plan) {
  const env = { ...process.env, NETSCTP_STACK: stack, NETSCTP_UDP_PORT: await freeUdpPort(), NO_COLOR: "1" };
  const { load, size, most } = trial;
  const argumentsOf = (role: string) => [role, load, size, plan.warmUpMs, plan.runMs, most].map(String);
  const command = driver.command(stack);
  const server = startEnd("server", [...command, ...argumentsOf("server")], env);
  const started = [server];
  const limit = setTimeout(() => {
    for (const { child } of started) child.kill("SIGKILL");
  }, plan.warmUpMs + plan.runMs + LIMIT_MS);
  try {
    const { port } = await server.next<{ port: number }>();
    const client = startEnd("client", [...command, ...argumentsOf("client"), String(port)], env);
    started.push(client);
    const reports = await Promise.all([server.next<EndReport>(), client.next<EndReport>()]);
    await Promise.all([server.ended, client.ended]);
    return { server: reports[0], client: reports[1] };
  } finally {
    clearTimeout(limit);
    for (const { child } of started) if (running.has(child)) child.kill("SIGKILL");
  }
}

/** Never rejects: a run that fails is a result, too. */
export async function oneRun(run: Run, trial: Trial, driver: Driver, plan: Plan): Promise<Result> {
  try {
    return { ...run, ...await bothEnds(run.stack, trial, driver, plan) };
  } catch (error) {
    return { ...run, failure: (error as Error).message };
  }
}
