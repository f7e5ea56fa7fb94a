/** Where the library is looked for, and what is said when it is missing, is none, or may not be loaded. */
import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { runtime as adapter } from "#runtime";
import { libcIn } from "../../runtimes/library_path.ts";
import { prebuiltName } from "../../runtimes/library_places.ts";
import { runtime, skip, stack } from "../helpers/capabilities.ts";

const directory = mkdtempSync(join(tmpdir(), "netsctp-"));
test.after(() => rmSync(directory, { recursive: true }));

function failure(): { code: string; message: string } {
  try {
    adapter.load(stack, directory);
  } catch (error) {
    return error as { code: string; message: string };
  }
  throw new Error("it should have failed");
}

test("a library that is not there: ERR_SCTP_NO_LIBRARY, with where it was looked for and what to do", () => {
  const { code, message } = failure();
  assert.is(code, "ERR_SCTP_NO_LIBRARY");
  for (const name of [`netsctp_${stack}.so`, prebuiltName(stack, "glibc")]) {
    assert.ok(message.includes(`${join(directory, name)}: `), message);
  }
  assert.match(message, /NETSCTP_LIBRARY must name the directory/);
});

test("a file that is no library: the same, with what the loader says", () => {
  writeFileSync(join(directory, `netsctp_${stack}.so`), "not a shared object");
  const { code, message } = failure();
  assert.is(code, "ERR_SCTP_NO_LIBRARY");
  assert.match(message, /file too short|invalid ELF header/);
});

test("an addon of someone else's, or of another version: the same, with what it lacks", () => {
  const rollup = readdirSync("node_modules/@rollup").map((name) => join("node_modules/@rollup", name));
  const addon = rollup.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
    .find((file) => file.endsWith(".node"));
  copyFileSync(addon!, join(directory, `netsctp_${stack}.so`));
  const { code, message } = failure();
  assert.is(code, "ERR_SCTP_NO_LIBRARY");
  assert.match(message, /layout_hash|symbol/i);
});

test("a directory may hold a release's files by their own names", () => {
  const path = join(directory, prebuiltName(stack, "glibc"));
  copyFileSync(`build/netsctp_${stack}.so`, path);
  assert.is(adapter.load(stack, directory).path, path);
});

const LIBRARIES: Array<[mapped: string, libc: string | undefined]> = [
  ["/usr/lib/x86_64-linux-gnu/libc.so.6", "glibc"],
  ["/lib/aarch64-linux-gnu/libc-2.31.so", "glibc"],
  ["/nix/store/abc-glibc-2.38-44/lib/libc.so.6 (deleted)", "glibc"],
  ["/lib/ld-musl-x86_64.so.1", "musl"],
  ["/usr/lib/libc.so", "musl"],
  ["/lib/libc.musl-aarch64.so.1", "musl"],
  ["/usr/lib/libcrypto.so.3", undefined],
  ["/opt/app/not-libc.so.6", undefined],
];
for (const [mapped, libc] of LIBRARIES) {
  test(`a process that has ${mapped} mapped is one of ${libc ?? "neither libc"}`, () => {
    const line = (path: string) => `7f00a0000000-7f00a0028000 r-xp 00000000 fe:00 1234   ${path}\n`;
    assert.is(libcIn(line("/usr/bin/node") + line(mapped) + line("[vdso]")), libc);
  });
}

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
