/** What ends a run from outside: SIGINT, SIGTERM, and a standard output that nobody reads any more. */
import process from "node:process";
import { EXIT } from "./exit_codes.ts";
import { stdout } from "./stdout.ts";

const controller = new AbortController();
let isHeeded = false;

/**
 * Aborted when the program is to end, with the exit code for "not done yet" as its reason. Whoever asks for it has to
 * heed it; who does not wait for that, asks a second time and ends the process at once.
 */
export function stopSignal(): AbortSignal {
  if (!isHeeded) {
    isHeeded = true;
    process.on("SIGINT", () => stop(EXIT.interrupted));
    process.on("SIGTERM", () => stop(EXIT.terminated));
  }
  return controller.signal;
}

function stop(exitCode: number): void {
  if (controller.signal.aborted) process.exit(exitCode);
  controller.abort(exitCode);
}

/** Lets the reader of standard output go away: `netsctp listen --json | head -1`. */
export function watchOutput(): void {
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE" && !isHeeded) process.exit(EXIT.brokenPipe);
    if (!controller.signal.aborted) controller.abort(EXIT.brokenPipe);
  });
  process.stderr.on("error", () => {}); // there is nobody to tell
}

/** Whether nobody reads standard output any more. */
export const isOutputGone = (): boolean => controller.signal.reason === EXIT.brokenPipe;

/** Calls back once, also when it was aborted before. @returns what forgets that */
export function onceAborted(signal: AbortSignal, callback: () => void): () => void {
  if (signal.aborted) callback();
  else signal.addEventListener("abort", callback, { once: true });
  return () => signal.removeEventListener("abort", callback);
}
