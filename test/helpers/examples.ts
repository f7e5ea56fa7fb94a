/** The programs in examples/, started as their head comments say: on either runtime, with no more than that permits. */
import process from "node:process";
import { type Program, start } from "./programs.ts";
import type { RuntimeName } from "./runtimes.ts";

const NODE = [process.execPath, "--import", "tsx"];
const DENO = [
  ...["node_modules/deno/deno", "run", "--no-prompt", "--cached-only"],
  ...["--allow-ffi", "--allow-env"],
];

/** Who serves whom: the examples run on both runtimes, and with each other. */
export const PAIRS: [server: RuntimeName, client: RuntimeName][] = [["node", "deno"], ["deno", "node"]];

/** What one of them needs on Deno beyond the rest. */
const MORE: Record<string, string[]> = { "streams_without_blocking/sender.ts": ["--allow-net"] };

/** The command of an example: `echo/server.ts`. */
export function commandOf(runtime: RuntimeName, file: string, ...args: string[]): string[] {
  const command = runtime === "node" ? NODE : [...DENO, ...MORE[file] ?? []];
  return [...command, `examples/${file}`, ...args];
}

export function example(runtime: RuntimeName, file: string, ...args: string[]): Program {
  return start(commandOf(runtime, file, ...args));
}

/** Waits until it listens; gives its port. */
export async function portOf(server: Program): Promise<string> {
  const [, port] = await server.says(/^listening on \S+,? (?:and \S+,? )?port (\d+)/m);
  return port!;
}

/** Types Ctrl-C, and waits for it to end in order. */
export async function interrupt(program: Program): Promise<void> {
  program.kill("SIGINT");
  await program.succeeds();
}
