/** Erlang as a peer: a program that evaluates what a test types, an expression a line, and prints what it is. */
import { existsSync } from "node:fs";
import { type Program, start } from "./programs.ts";

const COMMAND = "/usr/bin/erl";

/** Why there is none here, if that is so. */
export const missingErlang = existsSync(COMMAND) ? undefined : `no ${COMMAND}: apt-get install erlang-base`;

const EVALUATE = `
  Evaluate = fun Next(Bindings) ->
    case io:get_line("") of
      eof -> halt();
      Line ->
        {ok, Tokens, _} = erl_scan:string(Line),
        {ok, Expressions} = erl_parse:parse_exprs(Tokens),
        {value, Value, Bound} = erl_eval:exprs(Expressions, Bindings),
        io:format("= ~0p~n", [Value]),
        Next(Bound)
    end
  end,
  Evaluate([]).`;

export class Erlang {
  readonly #program: Program = start([COMMAND, "-noshell", "-eval", EVALUATE]);

  /** What an expression is, as Erlang prints it. */
  async evaluate(expression: string): Promise<string> {
    this.#program.write(`${expression.replaceAll("\n", " ")}.\n`);
    const [, value] = await this.#program.says(/^= (.*)$/m) as unknown as [string, string];
    return value;
  }

  close(): Promise<void> {
    return this.#program.stop();
  }
}
