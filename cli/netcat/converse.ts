/** One association with this program's own input and output, or with a command's. */
import process from "node:process";
import { EXIT } from "../exit_codes.ts";
import type { Output } from "../output.ts";
import { stdout } from "../stdout.ts";
import { stopSignal } from "../stop.ts";
import { runCommand } from "./exec.ts";
import { receiveInto, sendFrom } from "./flow.ts";
import { formatOptions, inputOptions, type NetcatOptions } from "./options.ts";
import type { Peer } from "./peer.ts";

/** Longer than the least retransmission time-out (RFC 9260 section 16): one lost packet is no silence. */
const QUIET_MS = 1500;

/**
 * Resolves with the exit code when it is over.
 *
 * @param isServer then an input that is empty ends nothing: who only listens has often none
 */
export function converse(
  peer: Peer,
  options: NetcatOptions,
  output: Output,
  isServer = false,
): Promise<number> {
  if (options.exec !== undefined) return runCommand(peer, options, output);
  receiveInto(peer, stdout, formatOptions(options, output, undefined));
  if (!options.receiveOnly) {
    const isTerminal = Boolean(process.stdin.isTTY);
    const over = sendFrom(process.stdin, inputOptions(options, isTerminal), () => [peer]).then(
      (count) => {
        if (count > 0 || !isServer) peer.endWhenQuiet(options.wait ?? QUIET_MS);
      },
      (error) => peer.fail(error),
    );
    if (!isTerminal) peer.hasInput(over);
  }
  return peer.ended;
}

/** What was stopped from outside has not ended by itself. */
export function exitCodeAfter(exitCode: number): number {
  const stop = stopSignal();
  return stop.aborted && exitCode === EXIT.ok ? stop.reason : exitCode;
}
