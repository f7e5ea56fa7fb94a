/** The command line, on the runtime of this test: as built for Node and Bun, as published for Deno. */
import type { Buffer } from "node:buffer";
import process from "node:process";
import { type Ending, type Program, start } from "./programs.ts";

export const COMMAND: string[] = "Deno" in globalThis
  ? [process.execPath, "run", "--allow-all", "--no-prompt", "--cached-only", "cli/main.ts"]
  : [process.execPath, "dist/cli.js"];

/** Starts it. */
export function netsctp(...args: string[]): Program {
  return start([...COMMAND, ...args]);
}

export interface Run extends Ending {
  stdout: Buffer;
  /** Both outputs. */
  text: string;
}

/** Runs it to its end. */
export async function run(args: string[], input?: string | Buffer): Promise<Run> {
  const program = netsctp(...args);
  program.end(input);
  const ending = await program.ended;
  return { ...ending, stdout: program.stdout, text: program.text };
}

// deno-lint-ignore no-explicit-any -- whatever it prints: what is there is what tests are about
type Printed = Record<string, any>;

/** The objects that --json has printed. */
export function objectsIn(stdout: Buffer): Printed[] {
  return stdout.toString().split("\n").filter(Boolean).map((line) => JSON.parse(line));
}

export interface Listening {
  program: Program;
  /** `HOST:PORT` */
  at: string;
}

/** Starts one that listens at a port that the stack chooses, and waits until it does. */
export async function listener(args: string[], command = ["listen"]): Promise<Listening> {
  const program = netsctp(...command, "127.0.0.1:0", ...args);
  const [, text, json] = await program.says(/listening on ([\d.]+:\d+)|"event":"listening".*"port":(\d+)/);
  return { program, at: text ?? `127.0.0.1:${json}` };
}
