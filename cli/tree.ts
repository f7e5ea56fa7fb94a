/** The commands and options as data: for completion, the man page and the reference. */
import type { Argument, Command, Option } from "commander";
import { examplesOf } from "./command.ts";
import { parsePpid, PPID_NAMES } from "./ppids.ts";

export interface OptionInfo {
  /** As the help shows it: `-s, --sid <stream>`. */
  flags: string;
  short: string | undefined;
  long: string;
  /** What its value is called, if it takes one. */
  value: string | undefined;
  /** The values there are, where they are known. */
  choices: readonly string[];
  /** With the default. */
  description: string;
}

export interface CommandInfo {
  name: string;
  usage: string;
  summary: string;
  description: string;
  operands: { name: string; description: string; choices: readonly string[] }[];
  options: OptionInfo[];
  examples: readonly { line: string; does: string }[];
  commands: CommandInfo[];
}

export function infoOf(command: Command): CommandInfo {
  const help = command.createHelp();
  return {
    name: command.name(),
    usage: help.commandUsage(command),
    summary: command.summary(),
    description: command.description(),
    operands: command.registeredArguments.map((one: Argument) => ({
      name: one.required ? `<${one.name()}>` : `[${one.name()}]`,
      description: help.argumentDescription(one),
      choices: one.argChoices ?? [],
    })),
    options: help.visibleOptions(command).map((option: Option) => ({
      flags: option.flags,
      short: option.short ?? undefined,
      long: option.long!,
      value: /[<[](.+)[\]>]/.exec(option.flags)?.[1],
      choices: option.argChoices ?? (option.parseArg === parsePpid ? PPID_NAMES.map(([, name]) => name) : []),
      description: help.optionDescription(option),
    })),
    examples: examplesOf(command),
    // `help` documents itself.
    commands: command.commands.map(infoOf),
  };
}
