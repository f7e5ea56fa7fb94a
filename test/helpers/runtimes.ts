/** Programs of ours, each on the runtime that is asked for, whichever this one is. */
import process from "node:process";
import { nodeArguments } from "../../tools/node_arguments.ts";
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

const ARGUMENTS: Record<RuntimeName, string[]> = {
  node: here === "node" ? nodeArguments(process.versions.node) : ["--import", "tsx"],
  deno: ["run", "--allow-all", "--no-prompt", "--cached-only"],
  bun: [],
};

/** The command for a program of ours. */
export function commandOn(runtime: RuntimeName, file: string, args: string[]): string[] {
  return [PROGRAMS[runtime], ...ARGUMENTS[runtime], file, ...args];
}

export function startOn(runtime: RuntimeName, file: string, args: string[]): Program {
  return start(commandOn(runtime, file, args));
}
