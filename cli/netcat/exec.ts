/** A command at the other side of an association: its input are the messages, its output is sent. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import type { Output } from "../output.ts";
import { EXIT } from "../exit_codes.ts";
import { receiveInto, sendFrom } from "./flow.ts";
import { commandFormatOf, formatOptions, inputOptions, type NetcatOptions } from "./options.ts";
import type { Peer } from "./peer.ts";

/** Resolves when both have ended, with the exit code. */
export async function runCommand(peer: Peer, options: NetcatOptions, output: Output): Promise<number> {
  const child = start(options, peer);
  const exit = once(child, "close");
  exit.catch((error) => peer.fail(error)); // it could not be started
  child.stdin!.on("error", () => {}); // it need not read what it gets
  receiveInto(peer, child.stdin!, {
    ...formatOptions(options, output, undefined),
    format: commandFormatOf(options),
  });
  peer.socket.on("end", () => child.stdin!.end());
  peer.socket.on("close", () => child.stdin!.end());
  sendFrom(child.stdout!, inputOptions(options, false), () => [peer])
    .then(() => peer.end(), (error) => peer.fail(error));

  const exitCode = await peer.ended;
  if (exitCode !== EXIT.ok) child.kill();
  const [code, signal] = await exit.catch(() => [0, null]) as [number | null, string | null];
  if (exitCode !== EXIT.ok) return exitCode;
  if (peer.unsent > 0) {
    output.problem(
      `#${peer.id} the peer ended before the command had said all: ${peer.unsent} messages are lost`,
    );
    return EXIT.aborted;
  }
  if (code === 0) return EXIT.ok;
  output.note(`#${peer.id} the command ended with ${signal ?? `status ${code}`}`);
  return EXIT.failed;
}

function start({ exec, shell }: NetcatOptions, { socket }: Peer): ChildProcess {
  const [file, ...args] = shell ? ["/bin/sh", "-c", exec!] : exec!.split(/\s+/).filter(Boolean);
  const env = {
    ...process.env,
    SCTP_REMOTE_ADDRESS: socket.remoteAddress,
    SCTP_REMOTE_PORT: String(socket.remotePort),
  };
  return spawn(file!, args, { stdio: ["pipe", "pipe", "inherit"], env });
}
