/** docs/cli.md and the man page against the program's own help; the examples against its parser. */
import type { Command } from "commander";
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { EXIT } from "../../../cli/exit_codes.ts";
import { program } from "../../../cli/program.ts";
import { infoOf } from "../../../cli/tree.ts";
import { run } from "../../helpers/command_line.ts";

const reference = readFileSync("docs/cli.md", "utf8");
const man = readFileSync("docs/netsctp.1", "utf8").replaceAll("\\-", "-");

/** The flags that a help text lists: `-s, --sid <stream>`. */
const flagsIn = (help: string) =>
  [...help.matchAll(/^ {2}((?:-\w, )?--[\w-]+(?: <[^>]+>)?) /gm)].map((match) => match[1]!);

test("every command and every option that the help names is in the reference and in the man page", async () => {
  const root = (await run(["--help"])).stdout.toString();
  const names = [...root.matchAll(/^ {2}([a-z]+)\b/gm)].map((match) => match[1]!).filter((name) =>
    name !== "help"
  );
  assert.equal(names, infoOf(program()).commands.map(({ name }) => name));
  for (const name of names) {
    const section = reference.split(`### \`${name}\`\n`)[1]?.split(/^##/m)[0];
    assert.ok(section, name);
    const flags = flagsIn((await run(["help", name])).stdout.toString());
    assert.ok(flags.length >= 2, name);
    for (const one of flags) {
      assert.ok(section.includes(`\`${one}\``), `docs/cli.md: ${one} of ${name}`);
      assert.ok(man.includes(`.B ${one}\n`), `docs/netsctp.1: ${one} of ${name}`);
    }
  }
});

test("every exit code is in both", () => {
  for (const code of Object.values(EXIT)) {
    assert.ok(reference.includes(`\n| ${code} | `), `docs/cli.md: ${code}`);
    assert.ok(man.includes(`.B ${code}\n`), `docs/netsctp.1: ${code}`);
  }
});

/** Parses, and does nothing. */
async function parse(line: string): Promise<void> {
  const root = program();
  const still = (one: Command) => one.action(() => {}).exitOverride();
  root.commands.forEach(still);
  const words = line.split(/ [<>|#]/)[0]!.match(/'[^']*'|\S+/g)!.map((word) =>
    word.replace(/^'(.*)'$/, "$1")
  );
  await root.parseAsync(words, { from: "user" });
}

test("the examples of the help, and those of the text, can be parsed", async () => {
  const fromHelp = infoOf(program()).commands.flatMap(({ examples }) => examples.map(({ line }) => line));
  const fromText = [...reference.matchAll(/^(?:\$ )?(?:npx |bunx )netsctp (.*)$/gm)].map((match) =>
    match[1]!
  );
  assert.ok(fromHelp.length > 10 && fromText.length >= 2);
  for (const line of [...fromHelp, ...fromText]) {
    await parse(line).catch((error) => assert.unreachable(`netsctp ${line}: ${error.message}`));
  }
});

test.run();
