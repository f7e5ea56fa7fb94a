/** The completion scripts, each sourced by its shell and asked for completions. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { objectsIn, run } from "../../helpers/command_line.ts";
import { start } from "../../helpers/programs.ts";

const folder = mkdtempSync(join(tmpdir(), "netsctp-completion-"));
test.after(() => rmSync(folder, { recursive: true }));

async function scriptFor(shell: string): Promise<string> {
  const file = join(folder, shell);
  writeFileSync(file, (await run(["completion", shell])).stdout);
  return file;
}

function output(command: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command[0]!, command.slice(1), { encoding: "utf8" });
  assert.is(status, 0, `${error ?? ""}${stderr}`);
  assert.is(stderr, "");
  return stdout.trim();
}

/** What is typed, and some of what has to be offered. */
const CASES: [line: string, offered: string[]][] = [
  ["netsctp con", ["connect"]],
  ["netsctp pi", ["ping"]],
  ["netsctp connect --stack ", ["auto", "kernel", "userspace"]],
  ["netsctp listen --pre", ["--prefix"]],
  ["netsctp ping --ppid ng", ["ngap", "ngap-dtls"]],
  ["netsctp bench --st", ["--stack", "--streams"]],
  ["netsctp completion ", ["bash", "fish", "zsh"]],
];

test("bash", async () => {
  const file = await scriptFor("bash");
  for (const [line, offered] of CASES) {
    const words = line.split(" ").map((word) => `"${word}"`);
    const script = `source ${file}; COMP_WORDS=(${words.join(" ")}); COMP_CWORD=${words.length - 1}
      _netsctp; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const found = output(["bash", "--norc", "-c", script]).split("\n")
      .sort();
    assert.equal(found, offered, line);
  }
  assert.match(
    output(["bash", "--norc", "-c", `source ${file}; complete -p netsctp`]),
    /-F _netsctp netsctp/,
  );
});

test("fish", async () => {
  const file = await scriptFor("fish");
  for (const [line, offered] of CASES) {
    const found = output(["fish", "--no-config", "-c", `source ${file}; complete -C "${line}"`]);
    assert.equal(found.split("\n").map((one) => one.split("\t")[0]!).sort(), offered, line);
  }
});

test("fish describes every command", async () => {
  const file = await scriptFor("fish");
  const found = output(["fish", "--no-config", "-c", `source ${file}; complete -C "netsctp "`]).split("\n");
  for (const command of ["connect", "listen", "ping", "bench", "doctor", "completion"]) {
    assert.match(found.find((line) => line.startsWith(command)) ?? "", /\t\S/, command);
  }
});

/** With what a line editor may write between the letters. */
const spread = (word: string) => new RegExp([...word].join("[^ -~]*"));

test("zsh", async () => {
  const file = await scriptFor("zsh");
  // It completes on a terminal only.
  const shell = start(["script", "--quiet", "--command", "zsh -f -i", "/dev/null"], {
    TERM: "dumb",
    PS1: "% ",
  });
  try {
    shell.write(`autoload -U compinit; compinit -u -D; source ${file}; echo rea""dy\n`);
    await shell.says(/ready/);
    for (const [line, offered] of CASES) {
      shell.write(`${line}\t`);
      if (offered.length > 1) shell.write("\t");
      for (const one of offered.slice(0, 2)) await shell.says(spread(one));
      shell.write("\x15"); // empties the line
    }
  } finally {
    await shell.stop();
  }
});

test("--json, and a shell that is none", async () => {
  const { event, shell, script } = objectsIn((await run(["completion", "bash", "--json"])).stdout)[0]!;
  assert.equal([event, shell], ["completion", "bash"]);
  assert.is(script, (await run(["completion", "bash"])).stdout.toString());
  assert.is((await run(["completion", "csh"])).code, 64);
});

test.run();
