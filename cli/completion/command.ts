/** `netsctp completion` */
import { Argument, type Command } from "commander";
import { command, example } from "../command.ts";
import { Output, writeOut } from "../output.ts";
import { infoOf } from "../tree.ts";
import { bashScript } from "./bash.ts";
import { fishScript } from "./fish.ts";
import { zshScript } from "./zsh.ts";

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript };
type Shell = keyof typeof SCRIPTS;

export function completionCommand(): Command {
  const made = command("completion")
    .summary("print what makes a shell complete this program's commands and options")
    .description(
      "Prints a script for a shell, which completes commands, options and the values that are known.",
    )
    .addArgument(new Argument("<shell>", "which").choices(Object.keys(SCRIPTS)))
    .action((shell: Shell, options: { json?: boolean }, self: Command) => {
      const script = SCRIPTS[shell](infoOf(self.parent!));
      if (options.json) new Output(options).emit({ event: "completion", shell, script });
      else writeOut(script);
    });
  example(made, "completion bash > ~/.local/share/bash-completion/completions/netsctp", "For good, in bash");
  example(made, "completion fish | source", "In this fish");
  return made;
}
