#!/usr/bin/env node
/**
 * The command line: `npx netsctp`, `deno run jsr:@netsctp/sctp/cli`. See docs/cli.md.
 *
 * @module
 */
import { CommanderError } from "commander";
import process from "node:process";
import { EXIT, exitCodeOf, usageError } from "./exit_codes.ts";
import { Output, wantsJson, written } from "./output.ts";
import { program } from "./program.ts";
import { isOutputGone, watchOutput } from "./stop.ts";

const args = process.argv.slice(2);

/** Tells of an error once, in the one way, and gives the exit code. */
function report(error: unknown): number {
  const isUsage = error instanceof CommanderError;
  const { code = "ERROR", message } = error as { code?: string; message: string };
  // Help and version are ends, too, in commander's eyes.
  if (isUsage && error.exitCode === 0) return EXIT.ok;
  const exitCode = isUsage ? EXIT.usage : exitCodeOf(error);
  const text = message.replace(/^error: /, "");
  const output = new Output({ json: wantsJson(args) });
  output.emit({ event: "error", code: isUsage ? "USAGE" : code, message: text, exitCode });
  output.problem(text);
  if (exitCode === EXIT.usage) output.note("--help shows how it is used");
  return exitCode;
}

watchOutput();
try {
  const root = program();
  if (args.length === 0) throw usageError(`a command is wanted\n\n${root.helpInformation()}`);
  await root.parseAsync(args, { from: "user" });
} catch (error) {
  process.exitCode = report(error);
}
await written();
if (isOutputGone()) process.exitCode ||= EXIT.brokenPipe;
// Something may still wait for input that nobody needs.
process.exit();
