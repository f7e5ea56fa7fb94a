/** The installed package where this machine is not: on arm64, by qemu-user, and in a program of musl's. */
import { execFileSync } from "node:child_process";
import { copyFileSync } from "node:fs";
import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { folder, node, pack, packageOf, Project } from "../helpers/installed.ts";
import { RUN } from "../helpers/prebuilt.ts";
import { Tried } from "../helpers/tried.ts";

const ECHO = "hello 3 46\n";
const tried = new Tried("package-platforms");

function which(name: string): string {
  return execFileSync("which", [name], { encoding: "utf8" }).trim();
}

test("Node on arm64", () => {
  const project = new Project(process.execPath).install(pack());
  const [qemu, ...flags] = RUN["linux-arm64-glibc"]!;
  const run = (file: string) => project.succeeds(which(qemu!), ...flags, node("24-arm64"), file);
  assert.is(run("loaded.mjs"), "netsctp_userspace-linux-arm64-glibc.so\n");
  assert.is(run("echo.mjs"), ECHO);
  tried.passed("node", run("--version"), "linux-arm64-glibc, qemu-user", 1);
});

/** The command of Bun for musl. Where musl is at home its C++ library is, too; here Debian's has to do. */
function bunOnMusl(): string[] {
  const libraries = folder();
  for (const name of ["libstdc++.so.6", "libgcc_s.so.1"]) {
    const path = execFileSync("gcc", [`-print-file-name=${name}`], { encoding: "utf8" }).trim();
    copyFileSync(path, `${libraries}/${name}`);
  }
  const [loader] = RUN["linux-x64-musl"]!;
  const flags = ["-specs=build/native/musl-amd64.specs", "-shared", "-fPIC"];
  execFileSync("gcc", [...flags, "-o", `${libraries}/ld-linux-x86-64.so.2`, "test/package/glibc_names.c"]);
  return [loader!, "--library-path", libraries, packageOf("@oven/bun-linux-x64-musl/bin/bun")];
}

test("a runtime on musl, on a system that has glibc, too", () => {
  const project = new Project(process.execPath).install(pack());
  const [loader, ...flags] = bunOnMusl();
  const run = (file: string) => project.succeeds(loader!, ...flags, file);
  assert.is(run("loaded.mjs"), "netsctp_userspace-linux-x64-musl.so\n");
  assert.is(run("echo.mjs"), ECHO);
  tried.passed("bun", run("--version"), "linux-x64-musl", 1);
});

test.run();
