/** What all commands have in common. */
import { Command, Help, InvalidArgumentError, Option } from "commander";
import process from "node:process";
import type { StackChoice } from "../mod.ts";
import { usageError } from "./exit_codes.ts";
import { hasColours, wantsJson, writeOut } from "./output.ts";
import { integer } from "./values.ts";

/** Options that every command has. */
export interface CommonOptions {
  json?: boolean;
}

/** Which stack, for commands that open sockets. */
export interface StackOptions {
  stack?: StackChoice;
  udpPort?: number;
}

interface Example {
  line: string;
  does: string;
}

const examples = new WeakMap<Command, Example[]>();

/** The examples of a command, for its help, the reference and the man page. */
export function examplesOf(command: Command): readonly Example[] {
  return examples.get(command) ?? [];
}

/** A command with --json, which throws where commander would end the process. */
export function command(name: string): Command {
  return new Command(name)
    .exitOverride()
    .helpOption("-h, --help", "show this help")
    .option("--json", "print one JSON object a line")
    .configureHelp({ formatHelp })
    .configureOutput({
      // Asked for here, since commander would ask for variables that Deno may not tell.
      getOutHasColors: () => hasColours(process.stdout),
      getErrHasColors: () => hasColours(process.stderr),
      writeOut: (text) => {
        writeOut(wantsJson(process.argv) ? `${JSON.stringify({ event: "help", text })}\n` : text);
      },
      // cli/main.ts tells of every error in one way.
      writeErr: () => {},
    });
}

/** Adds an example; `line` is what follows the program's name. */
export function example(command: Command, line: string, does: string): void {
  examples.set(command, [...examplesOf(command), { line, does }]);
}

/** commander's help, and the examples. */
function formatHelp(command: Command, help: Help): string {
  const lines = examplesOf(command).map(({ line, does }) => `  # ${does}\n  netsctp ${line}\n`);
  const text = Help.prototype.formatHelp.call(help, command, help);
  return lines.length > 0 ? `${text}\nExamples:\n${lines.join("")}` : text;
}

/** --stack and --udp-port. */
export function withStack(command: Command): Command {
  return command
    .addOption(
      new Option("--stack <stack>", "kernel, userspace, or auto: the kernel's where it has SCTP")
        .choices(["auto", "kernel", "userspace"]),
    )
    .option(
      "--udp-port <port>",
      "SCTP over UDP: the UDP port (RFC 6951), 0 to listen on any",
      integer(0, 65535),
    );
}

/** Makes a parser that throws Failures one for an argument or option, so that the text names which. */
export function parsed<T>(parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      throw new InvalidArgumentError((error as Error).message);
    }
  };
}

/** The words of a target: HOST:PORT, or HOST and PORT as netcat has them. */
export function withTarget(command: Command, name: string, description: string): Command {
  return command
    .argument(name, description)
    .argument("[port]", "the port, where it is a word of its own, as in netcat");
}

/** Two options that exclude each other. */
export function excludes(one: string, given: unknown, other: string, alsoGiven: unknown): void {
  if (given && alsoGiven) throw usageError(`${one} cannot be given together with ${other}`);
}
