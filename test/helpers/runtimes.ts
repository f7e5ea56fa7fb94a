/** Programs of ours, each on the runtime that is asked for, whichever this one is. */
import process from "node:process";
import { type Program, start } from "./programs.ts";

export type RuntimeName = "node" | "deno";

const isDeno = "Deno" in globalThis;
const NODE = [isDeno ? "node" : process.execPath, "--import", "tsx"];
const DENO = [
  // Not .bin/deno, a program on Node that starts this one: whoever kills that does not kill Deno.
  isDeno ? process.execPath : "node_modules/deno/deno",
  "run",
  "--allow-all",
  "--no-prompt",
  "--cached-only",
];

export function startOn(runtime: RuntimeName, file: string, args: string[]): Program {
  return start([...(runtime === "node" ? NODE : DENO), file, ...args]);
}
