// Node's permission model, on every version: one flag is enough for SCTP, its absence is named, and no /proc is needed.
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";

// The package with its prebuilt libraries alone: which one fits has to be found out.
const folder = mkdtempSync(join(tmpdir(), "netsctp-"));
test.after(() => rmSync(folder, { recursive: true }));
const package_ = join(folder, "node_modules/netsctp");
mkdirSync(package_, { recursive: true });
for (const part of ["dist", "prebuilt", "package.json"]) {
  cpSync(part, join(package_, part), { recursive: true });
}
cpSync("test/package/programs/echo.mjs", join(folder, "echo.mjs"));

for (const version of ["20", "22", "24", "26"]) {
  const node = resolve(`build/runtimes/node_modules/node-${version}/bin/node`);
  const permission = version === "20" ? "--experimental-permission" : "--permission";
  const run = (...flags) => {
    const args = [permission, `--allow-fs-read=${folder}`, ...flags, "echo.mjs"];
    const env = { ...process.env, NETSCTP_STACK: "userspace" };
    delete env.NETSCTP_LIBRARY;
    return spawnSync(node, args, { cwd: folder, env, encoding: "utf8", timeout: 60_000 });
  };

  test(`Node ${version}: --allow-addons is enough, without /proc`, () => {
    const { stdout, stderr } = run("--allow-addons");
    assert.is(stdout, "hello 3 46\n", stderr);
  });

  test(`Node ${version}: without it, ERR_SCTP_PERMISSION names the flag`, () => {
    const { status, stderr } = run();
    assert.is(status, 1);
    assert.match(stderr, /ERR_SCTP_PERMISSION/);
    assert.match(stderr, /may not be loaded: run Node with --allow-addons/);
  });
}

test.run();
