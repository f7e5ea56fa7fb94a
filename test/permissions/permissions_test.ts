/**
 * What Deno has to allow, as docs/permissions.md has it: with the least, everything works; without one, what is said. Runs
 * on Node: what Deno starts by node:child_process has all permissions if it is a Deno.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { stack } from "../helpers/capabilities.ts";
import { Program } from "../helpers/programs.ts";

const DENO = resolve("node_modules/deno/deno");
const BUILD = resolve("build");
const LIBRARY = join(BUILD, `netsctp_${stack}.so`);
const VARIABLES = "--allow-env=NETSCTP_STACK,NETSCTP_UDP_PORT";
const NONE = resolve("test/permissions/none");

interface Ran {
  said: string;
  warnings: string;
}

async function run(command: string[], env: Record<string, string> = {}): Promise<Ran> {
  const program = new Program([...command], env);
  const { code } = await program.ended;
  const said = String(program.stdout).trim();
  if (said === "") throw new Error(`it said nothing and ended with ${code}: ${program.text}`);
  return { said, warnings: program.text };
}

const deno = (flags: string[], file: string, ...args: string[]) => [
  ...[DENO, "run", "--no-prompt", "--no-check", "--cached-only"],
  ...[...flags, `test/permissions/${file}.ts`, ...args],
];

async function echo(flags: string[], ...args: string[]): Promise<string> {
  return (await run(deno(flags, "echo", ...args))).said;
}

test("--allow-ffi for the library's file is enough, with the variables' names", async () => {
  assert.is(await echo([`--allow-ffi=${LIBRARY}`, VARIABLES]), "echo hello");
  assert.is(await echo([`--allow-ffi=${LIBRARY}`, VARIABLES], "::1"), "echo hello");
});

test("without --allow-env the variables are not seen, and nothing is said: auto chooses", async () => {
  const { said, warnings } = await run(deno([`--allow-ffi=${BUILD}`], "echo"), {
    NETSCTP_STACK: "no such stack",
  });
  assert.is(said, "echo hello");
  assert.is(/NETSCTP_USERSPACE/.test(warnings), stack === "userspace", warnings);
});

test("without --allow-ffi: ERR_SCTP_PERMISSION with the folder to allow", async () => {
  const expected = `ERR_SCTP_PERMISSION ${LIBRARY} may not be loaded: run Deno with --allow-ffi=${BUILD}`;
  assert.is(await echo([VARIABLES]), expected);
  assert.is(await echo([VARIABLES, `--allow-ffi=${NONE}`]), expected);
  assert.is(await echo([VARIABLES, "--allow-read", "--allow-net", "--allow-sys", "--allow-run"]), expected);
});

test("a host name needs --allow-net with it: else 'error' EPERM", async () => {
  const flags = [`--allow-ffi=${BUILD}`, VARIABLES];
  assert.is(await echo([...flags, "--allow-net=localhost"], "localhost"), "echo hello");
  const refused = "EPERM getaddrinfo EPERM localhost: run Deno with --allow-net=localhost";
  assert.is(await echo(flags, "localhost"), refused);
  assert.is(
    await echo([...flags, "--allow-net=localhost:3868"], "localhost"),
    refused,
    "a port is not enough",
  );
  assert.is(await echo([...flags, "--allow-sys", "--allow-read"], "localhost"), refused);
});

test("a worker needs no more for SCTP; Deno itself asks for --allow-read of its modules", async () => {
  const flags = [`--allow-ffi=${BUILD}`, VARIABLES];
  const { said } = await run(deno([...flags, `--allow-read=${resolve(".")}`], "in_worker"));
  assert.is(said, "echo hello");
  const refused = await run(deno(flags, "in_worker"));
  assert.match(refused.said, /^Requires read access to .*echo\.ts", run again with the --allow-read flag/);
});

// As in a container: Docker forbids io_uring.
const directory = mkdtempSync(join(tmpdir(), "netsctp-permissions-"));
test.after(() => rmSync(directory, { recursive: true }));

function withoutRing(command: string[]): string[] {
  const log = join(directory, "strace");
  return ["strace", "-f", "-qq", "-o", log, "-e", "inject=io_uring_setup:error=EPERM", ...command];
}

test("the same where the kernel forbids io_uring: a path for --allow-ffi is still enough", async () => {
  for (const ffi of ["--allow-ffi", `--allow-ffi=${LIBRARY}`]) {
    const { said } = await run(withoutRing(deno([ffi, VARIABLES], "echo")));
    assert.is(said, "echo hello", ffi);
  }
});

test("libraryPath and NETSCTP_LIBRARY: --allow-ffi for that folder; the variable needs --allow-env", async () => {
  const variables = `${VARIABLES},NETSCTP_LIBRARY`;
  const program = deno([`--allow-ffi=${BUILD}`, variables], "echo");
  assert.is((await run(program, { NETSCTP_LIBRARY: BUILD })).said, "echo hello");
  const other = await run(deno([`--allow-ffi=${BUILD}`, variables], "loading"), { NETSCTP_LIBRARY: NONE });
  assert.is(
    other.said,
    `ERR_SCTP_PERMISSION ${NONE}/netsctp_${stack}.so may not be loaded: run Deno with --allow-ffi=${NONE}`,
  );
  const option = await run(deno([`--allow-ffi=${BUILD}`, variables], "loading", BUILD), {
    NETSCTP_LIBRARY: NONE,
  });
  assert.is(option.said, `loaded ${stack}`);
});

test.run();
