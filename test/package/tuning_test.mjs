// The tuning table's program measures a knob beside the defaults; what, is nobody's business here.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";

test("a short run of bench:tuning: one knob has figures for every size, and nothing is written", () => {
  const document = "docs/tuning.md";
  const before = readFileSync(document, "utf8");
  const args = ["--import", "tsx", "bench/tuning.ts", "--quick", "--stack", "userspace", "--only", "freq: 1"];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  assert.is(status, 0, `${stdout}\n${stderr}`);
  assert.match(stdout, /^ +defaults( +[0-9.,]+){5}( +[0-9.,]+ µs){2}$/m);
  assert.match(stdout, /^ +`sack: \{ freq: 1 \}`( +\**[0-9.,]+ \([0-9.,]+\)\**){7}$/m);
  assert.is(readFileSync(document, "utf8"), before);
});

test.run();
