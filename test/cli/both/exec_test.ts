/** --exec: a command at the other side of an association. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { listener, netsctp, run } from "../../helpers/command_line.ts";
import { beside } from "../../helpers/programs.ts";

test("the command gets the messages, and what it prints is sent", async () => {
  const { program, at } = await listener([]);
  const { code, stdout } = await run(["connect", at, "--exec", "echo hello there"]);
  assert.is(code, 0);
  assert.is(stdout.toString(), ""); // all goes to the command
  await program.succeeds();
  assert.is(program.stdout.toString(), "hello there\n");

  const second = await listener(["--exec", "sed -u s/^/got:/", "--mode", "line", "--keep-open"]);
  await beside(
    second.program,
    () =>
      beside(netsctp("connect", second.at, "--mode", "line"), async (client) => {
        client.write("one\n");
        await client.says(/got:one/);
        client.write("two\n");
        await client.says(/got:two/);
        client.end();
        await client.succeeds();
      }),
  );
});

test("no shell unless asked for", async () => {
  const plain = await listener(["--exec", "echo $((1+1)) | cat"]);
  assert.is((await run(["connect", plain.at, "--receive-only"])).stdout.toString(), "$((1+1)) | cat\n");
  await plain.program.succeeds();
  const shell = await listener(["--shell", "--exec", "echo $((1+1)) | cat"]);
  assert.is((await run(["connect", shell.at, "--receive-only"])).stdout.toString(), "2\n");
  await shell.program.succeeds();
});

test("5: what the command says after the peer has ended is lost, and that is told", async () => {
  // tr says nothing before the end of its input.
  const { program, at } = await listener(["--exec", "tr a-z A-Z"]);
  assert.is((await run(["connect", at], "too soon")).code, 0);
  assert.is((await program.ended).code, 5, program.text);
  assert.match(program.text, /before (the command had said all|all was sent)|remote ended/);
});

test("a command that fails, or cannot be started, is a failure, and the peer sees an end in order", async () => {
  for (
    const [command, text] of [["false", /status 1/], ["/no/such/command", /ENOENT|entity not found/]] as const
  ) {
    const { program, at } = await listener(["--exec", command]);
    assert.is((await run(["connect", at, "--receive-only"])).code, 0);
    assert.is((await program.ended).code, 1);
    assert.match(program.text, text);
  }
});

test.run();
