import type { CommandInfo, OptionInfo } from "../tree.ts";

const quoted = (text: string) => `'${text.replace(/[\\']/g, "\\$&")}'`;

function optionLine(program: string, condition: string, option: OptionInfo): string {
  const { short, long, value, choices, description } = option;
  return [
    `complete -c ${program} -n ${quoted(condition)}`,
    short && `-s ${short.slice(1)}`,
    `-l ${long.slice(2)}`,
    value && "-x",
    choices.length > 0 && `-a ${quoted(choices.join(" "))}`,
    `-d ${quoted(description)}`,
  ].filter(Boolean).join(" ");
}

/** For fish: sourced, or as a file in ~/.config/fish/completions. */
export function fishScript({ name, options, commands }: CommandInfo): string {
  const none = "__fish_use_subcommand";
  const lines = commands.flatMap((command) => {
    const here = `__fish_seen_subcommand_from ${command.name}`;
    return [
      `complete -c ${name} -n ${none} -a ${command.name} -d ${quoted(command.summary)}`,
      ...command.options.map((option) => optionLine(name, here, option)),
      ...command.operands.filter(({ choices }) => choices.length > 0).map(({ choices }) =>
        `complete -c ${name} -n ${quoted(here)} -a ${quoted(choices.join(" "))}`
      ),
    ];
  });
  return [
    `# fish completion of ${name}: ${name} completion fish | source`,
    `complete -c ${name} -f`,
    ...options.map((option) => optionLine(name, none, option)),
    ...lines,
    "",
  ].join("\n");
}
