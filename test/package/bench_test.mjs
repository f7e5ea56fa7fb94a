// The bench measures something on each driver, and can show, keep and compare it; what, is nobody's business here.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";

const folder = mkdtempSync(join(tmpdir(), "netsctp-bench-test-"));
test.after(() => rmSync(folder, { recursive: true }));

function bench(...args) {
  const command = ["--import", "tsx", "bench/run.ts", ...args];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: "utf8" });
  return { status, stdout, all: `${stdout}\n${stderr}` };
}

let kept = "";

test("a short run: C, Node and Deno have figures, and their results are kept", () => {
  const only = "userspace/(flood 64 B/node|ping-pong 64 B/deno)";
  const { status, stdout, all } = bench("--quick", "--only", only, "--json", join(folder, "figures.json"));
  assert.is(status, 0, all);
  for (const driver of ["c", "node", "deno"]) {
    assert.match(stdout, new RegExp(`^ .*\\b${driver} +[0-9.,]+ \\(`, "m"));
  }
  assert.ok(JSON.parse(readFileSync(join(folder, "figures.json"), "utf8")).rows.length > 0);
  kept = all.match(/^results are kept in (.*)$/m)[1];
});

test("kept results become a document, with plots that it shows", () => {
  const { status, all } = bench("--from", kept, "--out", folder);
  assert.is(status, 0, all);
  const text = readFileSync(join(folder, "benchmarks.md"), "utf8");
  const plots = [...text.matchAll(/\]\((benchmarks\/.*\.svg)\)/g)].map(([, file]) => join(folder, file));
  assert.is(plots.length, 2, text);
  for (const plot of plots) assert.match(readFileSync(plot, "utf8"), /^<svg .*<\/svg>$/m);
  assert.match(text, /\| 64 B \| c \|/);
});

test("--check has nothing to say of the same figures, and ends with 1 where committed ones were better", () => {
  const same = bench("--from", kept, "--check", "--out", folder);
  assert.is(same.status, 0, same.all);
  const file = join(folder, "benchmarks.json");
  assert.ok(existsSync(file));
  const committed = JSON.parse(readFileSync(file, "utf8"));
  const { compared } = committed.rows.find(({ driver }) => driver === "node");
  compared["rate to c"] = compared["rate to c"].map((ratio) => ratio * 1000);
  writeFileSync(file, JSON.stringify(committed));
  const worse = bench("--from", kept, "--check", "--out", folder);
  assert.is(worse.status, 1, worse.all);
  assert.match(worse.stdout, /rate to c .*WORSE$/m);
});

test.run();
