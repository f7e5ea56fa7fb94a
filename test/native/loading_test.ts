/** What is said when the library is missing, is none, or may not be loaded. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { runtime as adapter } from "#runtime";
import { runtime, skip, stack } from "../helpers/capabilities.ts";

const directory = mkdtempSync(join(tmpdir(), "netsctp-"));
test.after(() => rmSync(directory, { recursive: true }));

function failure(): { code: string; message: string } {
  process.env.NETSCTP_LIBRARY = directory;
  try {
    adapter.load(stack);
  } catch (error) {
    return error as { code: string; message: string };
  } finally {
    delete process.env.NETSCTP_LIBRARY;
  }
  throw new Error("it should have failed");
}

test("a library that is not there: ERR_SCTP_NO_LIBRARY, with where it was looked for and what to do", () => {
  const { code, message } = failure();
  assert.is(code, "ERR_SCTP_NO_LIBRARY");
  assert.ok(message.includes(join(directory, `netsctp_${stack}.so`)), message);
  assert.match(message, /NETSCTP_LIBRARY must name the directory/);
});

test("a file that is no library: the same, with what the loader says", () => {
  writeFileSync(join(directory, `netsctp_${stack}.so`), "not a shared object");
  const { code, message } = failure();
  assert.is(code, "ERR_SCTP_NO_LIBRARY");
  assert.match(message, /file too short|invalid ELF header/);
});

interface DenoCommand {
  outputSync(): { stdout: Uint8Array };
}
declare const Deno: { Command: new (program: string, options: { args: string[] }) => DenoCommand };

const IMPORT = `import { stackInfo } from "./mod.ts"; try { console.log(stackInfo("${stack}").stack); }` +
  " catch (error) { console.log(error.code, error.message); }";

function deno(...flags: string[]): string {
  const script = join("test", `.permission-${process.pid}.ts`);
  writeFileSync(script, IMPORT.replace("./mod.ts", "../mod.ts"));
  try {
    // Not by node:child_process: there Deno finds itself in what it starts, even inside a shell's words, takes its
    // flags for Node's and gives it all permissions.
    const args = ["run", "--no-prompt", "--cached-only", ...flags, script];
    const { stdout } = new Deno.Command(process.execPath, { args }).outputSync();
    return new TextDecoder().decode(stdout);
  } finally {
    rmSync(script);
  }
}

if (runtime !== "deno") skip("permissions", "only Deno has them");
else {
  test("Deno without --allow-ffi: ERR_SCTP_PERMISSION that names the flag", () => {
    assert.match(deno(), /^ERR_SCTP_PERMISSION .*--allow-ffi/);
  });

  test("--allow-ffi is enough: the environment is not read where it may not be", () => {
    assert.is(deno("--allow-ffi").trim(), stack);
  });
}

test.run();
