/** On Deno: what docs/cli.md says of permissions, and nothing more is needed. */
import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { listener, type Listening } from "../../helpers/command_line.ts";
import { type Program, start } from "../../helpers/programs.ts";

const DENO = ["node_modules/deno/deno", "run", "--no-prompt", "--cached-only"];
/** Where it may not see the variable. */
const UDP = ["--udp-port", process.env.NETSCTP_UDP_PORT!, "--stack", "userspace"];

async function run(permissions: string[], args: string[], input = ""): Promise<Program> {
  const program = start([...DENO, ...permissions, "cli/main.ts", ...args]);
  program.end(input);
  await program.ended;
  return program;
}

/** Sends to a listener, with these permissions alone. */
async function sends(permissions: string[], { program, at }: Listening, more: string[] = []): Promise<void> {
  const sender = await run(permissions, ["connect", at, ...UDP, ...more], "hello");
  await sender.succeeds();
  await program.succeeds();
  assert.is(program.stdout.toString(), "hello");
}

test("none for help, version and completion", async () => {
  for (const args of [["--help"], ["help", "ping"], ["--version"], ["completion", "bash"]]) {
    const program = await run([], args);
    await program.succeeds();
    assert.ok(program.stdout.length > 0);
  }
});

test("2: without --allow-ffi; the text names it", async () => {
  const program = await run(["--allow-env", "--allow-net"], ["connect", "127.0.0.1:1"]);
  assert.is((await program.ended).code, 2);
  assert.match(program.text, /--allow-ffi/);
});

test("--allow-ffi alone, for addresses", async () => {
  await sends(["--allow-ffi"], await listener([]));
});

test("--allow-net for names", async () => {
  const { program, at } = await listener([]);
  await sends(["--allow-ffi", "--allow-net"], { program, at: at.replace("127.0.0.1", "localhost") }, [
    "-4",
  ]);
});

test("--allow-env for the variables", async () => {
  const { program, at } = await listener([]);
  await (await run(["--allow-ffi", "--allow-env"], ["connect", at], "hello")).succeeds();
  await program.succeeds();
});

test("--allow-run and --allow-env for --exec", async () => {
  await sends(["--allow-ffi", "--allow-run", "--allow-env"], await listener([]), ["--exec", "printf hello"]);
});

test.run();
