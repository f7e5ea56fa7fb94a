/** The options of `listen` and `connect`. */
import { type Command, Option } from "commander";
import process from "node:process";
import type { AssociationOptions } from "../../mod.ts";
import { type CommonOptions, excludes, type StackOptions } from "../command.ts";
import { usageError } from "../exit_codes.ts";
import type { Output } from "../output.ts";
import { parsePpid } from "../ppids.ts";
import { duration, integer, size } from "../values.ts";
import { type Format, type FormatOptions, FORMATS } from "./format.ts";
import { INPUT_MODES, type InputMode, type InputOptions } from "./input.ts";

export interface NetcatOptions extends CommonOptions, StackOptions {
  mode?: InputMode;
  output?: Exclude<Format, "json">;
  sid: number;
  ppid: number;
  newline?: true;
  prefix?: true;
  notifications?: true;
  exec?: string;
  shell?: true;
  receiveOnly?: true;
  wait?: number;
  idleTimeout?: number;
  streams?: number;
  maxInStreams?: number;
  maxMessageSize: number;
  quiet?: true;
}

export function withNetcatOptions(command: Command): Command {
  return command
    .option("--sid <stream>", "stream to send on", integer(0, 65534), 0)
    .option(
      "--ppid <ppid>",
      "payload protocol identifier to send: a number, or a name such as ngap",
      parsePpid,
      0,
    )
    .addOption(
      new Option(
        "--mode <mode>",
        "what is a message: a line, what is read at once (raw), all of the input (whole), a line of hex digits " +
          "(hex). On a terminal line, else raw",
      ).choices(INPUT_MODES),
    )
    .addOption(
      new Option("--output <format>", "how messages are printed, if not as --mode has it").choices(
        FORMATS,
      ),
    )
    .option("--newline", "send the newline at the end of each line, too")
    .option("--prefix", "print the stream and the identifier before each message")
    .option("-v, --notifications", "tell more: also what the stack says of the association")
    .addOption(
      new Option(
        "-e, --exec <command>",
        "give the messages to a command, and send what it prints; split at blanks",
      )
        .conflicts(["receiveOnly", "output", "wait"]),
    )
    .option("--shell", "let /bin/sh run the command of --exec")
    .addOption(
      new Option("--receive-only", "do not read the input").conflicts(["sid", "ppid", "newline", "wait"]),
    )
    .option(
      "-q, --wait <time>",
      "after the end of the input, how long the peer has to be quiet until this end hangs up. Default 1.5 s",
      duration("0s", "24h"),
    )
    .option("-i, --idle-timeout <time>", "end when nothing came or went for so long", duration("1ms", "24h"))
    .option("--streams <count>", "outbound streams to ask for", integer(1, 65535))
    .option("--max-in-streams <count>", "inbound streams to accept", integer(1, 65535))
    .option("--max-message-size <bytes>", "the largest message that is received", size(1, 1 << 30), 1 << 20)
    .option("--quiet", "tell nothing but messages and errors")
    .hook("preAction", (_, action) => checkNetcatOptions(action.opts()));
}

/** What can only be seen of the options together. */
function checkNetcatOptions(options: NetcatOptions): void {
  const { exec, json, mode, newline, notifications, output, prefix, quiet, receiveOnly, shell } = options;
  excludes("--json", json, "--output", output);
  excludes("--json", json, "--quiet", quiet);
  excludes("--notifications", notifications, "--quiet", quiet);
  if (prefix && (exec === undefined ? formatOf(options) : commandFormatOf(options)) === "raw") {
    throw usageError("--prefix cannot be used with raw output; add --mode line");
  }
  if (newline && mode !== undefined && mode !== "line") throw usageError("--newline is for --mode line");
  if (receiveOnly && mode && (json || output)) {
    throw usageError("--mode is for what is sent here, and --receive-only sends nothing");
  }
  if (exec?.trim() === "") throw usageError("--exec names no command");
  if (shell && !exec) throw usageError("--shell is for the command of --exec");
}

export function associationOptions(options: NetcatOptions): AssociationOptions {
  const { streams, maxInStreams, maxMessageSize } = options;
  return {
    maxMessageSize,
    ...(streams !== undefined && { OS: streams }),
    ...(maxInStreams !== undefined && { MIS: maxInStreams }),
  };
}

/** @param isTerminal whether the input is one */
export function inputOptions(options: NetcatOptions, isTerminal: boolean): InputOptions {
  const { sid, ppid, newline = false } = options;
  const { mode = isTerminal || newline ? "line" : "raw" } = options;
  return { mode, sid, ppid, newline };
}

function formatOf({ json, output, mode, prefix }: NetcatOptions): Format {
  if (json) return "json";
  if (output) return output;
  if (mode) return mode === "whole" ? "raw" : mode;
  return prefix || process.stdout.isTTY ? "line" : "raw";
}

/** What the command of --exec reads is what a file would hold: no prefix unless it is asked for, and no dump. */
export const commandFormatOf = ({ mode = "raw" }: NetcatOptions): Format => mode === "whole" ? "raw" : mode;

/** @param id the association's number, where there may be several */
export function formatOptions(options: NetcatOptions, output: Output, id: number | undefined): FormatOptions {
  return {
    format: formatOf(options),
    prefix: options.prefix ?? false,
    id,
    isTerminal: Boolean(process.stdout.isTTY),
    paint: output.paint,
  };
}
