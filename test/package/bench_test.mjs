// The bench measures something on each driver; what, is nobody's business here.
import { spawnSync } from "node:child_process";
import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";

test("a short run of the bench: C, Node and Deno have figures", () => {
  const args = ["--import", "tsx", "bench/run.ts", "--quick", "--only", "userspace/ping-pong 64 B"];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  assert.is(status, 0, `${stdout}\n${stderr}`);
  for (const driver of ["c", "node", "deno"]) {
    assert.match(stdout, new RegExp(`^ .*\\b${driver} +[0-9.]+`, "m"));
  }
});

test.run();
