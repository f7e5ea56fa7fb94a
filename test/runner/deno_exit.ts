/**
 * Ends Deno as `process.exit()` does, once every listener of 'exit' has run. Left to itself, Deno 2.9.5 frees the table of
 * its own operations before V8's compiler threads have stopped, and one that reads it then ends the process by SIGSEGV:
 * 6 of 55 runs of packets_test, 0 of 40 with this file. The event loop has ended by then, so a test that leaves
 * something open is found as before.
 */
import process from "node:process";

const emit = process.emit;
process.emit = function (this: typeof process, ...args: unknown[]): boolean {
  const heard = Reflect.apply(emit, this, args);
  if (args[0] !== "exit") return heard;
  process.emit = emit;
  return process.exit();
} as typeof process.emit;
