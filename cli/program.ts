/** The tree of commands: what is parsed, completed and documented. */
import { type Command, CommanderError } from "commander";
import process from "node:process";
import manifest from "../deno.json" with { type: "json" };
import { command } from "./command.ts";
import { benchCommand } from "./bench/command.ts";
import { completionCommand } from "./completion/command.ts";
import { doctorCommand } from "./doctor/command.ts";
import { connectCommand } from "./netcat/connect.ts";
import { listenCommand } from "./netcat/listen.ts";
import { pingCommand } from "./ping/command.ts";
import { wantsJson, writeOut } from "./output.ts";

export const VERSION: string = manifest.version;

const DESCRIPTION =
  "SCTP from the command line: streams, payload protocol identifiers, whole messages, several " +
  "addresses, over the Linux kernel's SCTP or over SCTP in UDP.";

/** With --json an object; ends the run as --help does. */
function showVersion(): never {
  const text = wantsJson(process.argv) ? JSON.stringify({ event: "version", version: VERSION }) : VERSION;
  writeOut(`${text}\n`);
  throw new CommanderError(0, "commander.version", VERSION);
}

/** Each command adds itself here. */
const commands: (() => Command)[] = [
  connectCommand,
  listenCommand,
  pingCommand,
  benchCommand,
  doctorCommand,
  completionCommand,
];

/** A tree of its own each time: parsing leaves values in it. */
export function program(): Command {
  const root = command("netsctp")
    .description(DESCRIPTION)
    .usage("<command> [options]")
    .option("-V, --version", "show the version")
    .on("option:version", showVersion)
    .helpCommand("help [command]", "show the help of a command")
    // `netsctp --json ping` is `netsctp ping --json`.
    .enablePositionalOptions()
    .hook("preAction", (root, action) => {
      if (root.opts().json) action.setOptionValue("json", true);
    });
  for (const make of commands) root.addCommand(make());
  return root;
}
