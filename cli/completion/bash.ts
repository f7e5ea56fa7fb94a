import type { CommandInfo, OptionInfo } from "../tree.ts";

const namesOf = ({ short, long }: OptionInfo) => short ? [short, long] : [long];
const wordsOf = (options: readonly OptionInfo[]) => options.map(({ long }) => long).join(" ");

/** For bash, with or without bash-completion. */
export function bashScript({ name, options, commands }: CommandInfo): string {
  const values = commands.flatMap((command) =>
    command.options.filter(({ value }) => value).map((option) => {
      const pattern = namesOf(option).map((one) => `"${command.name} ${one}"`).join(" | ");
      return `    ${pattern}) words="${option.choices.join(" ")}" ;;`;
    })
  );
  const perCommand = commands.map((command) => {
    const operands = command.operands.flatMap(({ choices }) => choices).join(" ");
    return `        ${command.name}) options="${wordsOf(command.options)}" words="${operands}" ;;`;
  });
  const names = commands.map((command) => command.name);
  return `# bash completion of ${name}: source <(${name} completion bash)
_${name}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} command= words= options= i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    case \${COMP_WORDS[i]} in
      ${names.join(" | ")}) command=\${COMP_WORDS[i]}; break ;;
    esac
  done
  case "$command $prev" in
${values.join("\n")}
    *)
      case $command in
${perCommand.join("\n")}
        *) options="${wordsOf(options)}" words="${names.join(" ")} help" ;;
      esac
      [[ $cur == -* || -z $words ]] && words=$options ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -F _${name} ${name}
`;
}
