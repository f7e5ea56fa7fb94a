/** On a terminal: lines by default, colours, a progress bar, no control characters from the peer. */
import { Buffer } from "node:buffer";
import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { COMMAND, listener, netsctp, run } from "../../helpers/command_line.ts";
import { beside, type Program, start } from "../../helpers/programs.ts";

/** Runs a command line of ours on a terminal of its own. */
function onTerminal(args: string[], env: Record<string, string | undefined> = {}): Program {
  const command = [...COMMAND, ...args].map((word) => `'${word}'`).join(" ");
  return start(["script", "--quiet", "--return", "--command", command, "/dev/null"], {
    TERM: "xterm",
    NO_COLOR: undefined,
    CI: undefined, // where Node takes no terminal for a coloured one
    ...env,
  });
}

const ESCAPE = "\x1b[";

test("a line typed is a message, ^D a SHUTDOWN; what comes is a line", async () => {
  const { program, at } = await listener(["--mode", "line"]);
  await beside(program, () =>
    beside(onTerminal(["connect", at]), async (terminal) => {
      await terminal.says(/connected to/);
      terminal.write("typed\n");
      await program.says(/typed/);
      program.write("shown\n");
      await terminal.says(/shown\r\n/);
      terminal.write("\x04");
      await terminal.succeeds();
      await program.succeeds();
    }));
});

test("^C ends the association in order", async () => {
  const { program, at } = await listener([]);
  await beside(onTerminal(["connect", at]), async (terminal) => {
    await terminal.says(/connected to/);
    terminal.write("\x03");
    assert.is((await terminal.ended).code, 130);
    await program.succeeds();
  });
});

test("colours on a terminal, unless NO_COLOR; none elsewhere", async () => {
  for (
    const [env, isColoured] of [[{}, true], [{ NO_COLOR: "1" }, false], [{ TERM: "dumb" }, false]] as const
  ) {
    const terminal = onTerminal(["connect", "--nonsense"], env);
    assert.is((await terminal.ended).code, 64);
    assert.is(terminal.text.includes(`${ESCAPE}31m`), isColoured, JSON.stringify(env));
  }
  const { NO_COLOR } = process.env;
  delete process.env.NO_COLOR;
  assert.not((await run(["connect", "--nonsense"])).text.includes(ESCAPE));
  process.env.NO_COLOR = NO_COLOR;
});

test("control characters of the peer are shown, not obeyed", async () => {
  const { program, at } = await listener(["--mode", "hex"]);
  await beside(program, () =>
    beside(onTerminal(["connect", at], { NO_COLOR: "1" }), async (terminal) => {
      await terminal.says(/connected to/);
      program.end(`${Buffer.from("a\x1b]0;b\x07\tc").toString("hex")}\n`);
      await terminal.says(/a\\x1b\]0;b\\x07\tc\r\n/);
    }));
});

test("bench has a bar on a terminal, and none elsewhere", async () => {
  const { program, at } = await listener(["--server"], ["bench"]);
  await beside(program, async () => {
    const terminal = onTerminal(["bench", at, "-t", "300ms", "-i", "0"]);
    await terminal.says(/\[#*\.*\] 0\.\d s, \d+ messages sent, \d+ received/);
    await terminal.succeeds();
    await beside(netsctp("bench", at, "-t", "300ms"), async (plain) => {
      await plain.succeeds();
      assert.not.match(plain.text, /\[[#.]+\]/);
    });
  });
});

test.run();
