/** The npm package on Deno: the adapter for Deno. */
import { realpathSync } from "node:fs";
import { dirname, resolve } from "node:path";
import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { pack, Project } from "../helpers/installed.ts";
import { Tried } from "../helpers/tried.ts";
import { platform } from "../runner/versions.ts";

const DENO = resolve("node_modules/deno/deno");
const tried = new Tried("package-deno");
const project = new Project(process.execPath).install(pack());
const flags = ["--no-prompt", "--cached-only", "--node-modules-dir=manual", "--allow-ffi", "--allow-env"];

test("echo.mjs", () => {
  assert.is(project.succeeds(DENO, "run", ...flags, "echo.mjs"), "hello 3 46\n");
});

test("--allow-ffi for a folder: the package's own is named, and is enough", () => {
  const prebuilt = realpathSync(project.path("node_modules/netsctp/prebuilt"));
  const without = flags.filter((flag) => flag !== "--allow-ffi");
  for (
    const other of [[], [`--allow-ffi=${project.folder}/build`], [`--allow-ffi=${dirname(prebuilt)}/build`]]
  ) {
    const { status, output } = project.run(DENO, "run", ...without, ...other, "echo.mjs");
    assert.is(status, 1, output);
    assert.match(output, new RegExp(`may not be loaded: run Deno with --allow-ffi=${prebuilt}\n`));
  }
  assert.is(project.succeeds(DENO, "run", ...without, `--allow-ffi=${prebuilt}`, "echo.mjs"), "hello 3 46\n");
});

test("echo.ts, with its types", () => {
  assert.is(project.succeeds(DENO, "run", "--check", ...flags, "echo.ts"), "hello 3 46\n");
  tried.passed("deno", project.succeeds(DENO, "--version"), platform(), 1);
});

test.run();
