import type { CommandInfo, OptionInfo } from "../tree.ts";

/** Inside single quotes, and where colons and brackets have a meaning. */
const quoted = (text: string) => text.replace(/[[\]:\\]/g, "\\$&").replace(/'/g, `'\\''`);

/** What may stand there; a blank is anything. */
const action = (choices: readonly string[]) => choices.length > 0 ? `(${choices.join(" ")})` : " ";

function optionSpec({ short, long, value, choices, description }: OptionInfo): string {
  const rest = `[${quoted(description)}]${value ? `:${quoted(value)}:${action(choices)}` : ""}`;
  return short ? `'(${short} ${long})'{${short},${long}}'${rest}'` : `'${long}${rest}'`;
}

function commandCase({ name, options, operands }: CommandInfo): string {
  const specs = [
    ...options.map(optionSpec),
    ...operands.map((one, i) => `'${i + 1}:${quoted(one.name)}:${action(one.choices)}'`),
  ];
  return `    ${name})\n      _arguments -s \\\n        ${specs.join(" \\\n        ")} ;;`;
}

/** For zsh: sourced, or as a file _netsctp in a directory of $fpath. */
export function zshScript({ name, options, commands }: CommandInfo): string {
  const list = commands.map((one) => `    '${one.name}:${quoted(one.summary)}'`);
  return `#compdef ${name}
# zsh completion of ${name}: source <(${name} completion zsh)
_${name}() {
  local -a commands
  commands=(
${list.join("\n")}
    'help:show the help of a command'
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    _arguments -s \\
      ${options.map(optionSpec).join(" \\\n      ")}
    return
  fi
  shift words
  (( CURRENT-- ))
  case $words[1] in
${commands.map(commandCase).join("\n")}
  esac
}
if [ "$funcstack[1]" = _${name} ]; then
  _${name} "$@"
else
  compdef _${name} ${name}
fi
`;
}
