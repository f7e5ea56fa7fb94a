/** Programs of ours, each on the runtime that is asked for, whichever this one is. */
import process from "node:process";
import { compiled, isCompiled } from "../runner/node_arguments.ts";
import { type Program, start } from "./programs.ts";

export type RuntimeName = "node" | "deno" | "bun";

const here: RuntimeName = "Deno" in globalThis ? "deno" : "Bun" in globalThis ? "bun" : "node";

// Not those of .bin/, programs on Node that start these: whoever kills one does not kill what it has started.
const PROGRAMS: Record<RuntimeName, string> = {
  node: "node",
  deno: "node_modules/deno/deno",
  bun: "node_modules/bun/bun",
  [here]: process.execPath,
};

function argumentsOn(runtime: RuntimeName, file: string): string[] {
  if (runtime === "deno") return ["run", "--allow-all", "--no-prompt", "--cached-only", file];
  if (runtime === "bun") return [file];
  if (here !== "node") return ["--import", "tsx", file];
  return [...process.execArgv, isCompiled ? compiled(file) : file]; // as this one was started
}

/** The command for a program of ours. */
export function commandOn(runtime: RuntimeName, file: string, args: string[]): string[] {
  return [PROGRAMS[runtime], ...argumentsOn(runtime, file), ...args];
}

export function startOn(runtime: RuntimeName, file: string, args: string[]): Program {
  return start(commandOn(runtime, file, args));
}
