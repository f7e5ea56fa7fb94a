// What `npm pack` would publish: all that the manifest's exports promise, and nothing that must be built first.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";

const manifest = JSON.parse(readFileSync("package.json", "utf8"));
const [packed] = JSON.parse(execFileSync("npm", ["pack", "--dry-run", "--json"], { encoding: "utf8" }));
const files = packed.files.map((file) => file.path);

function targets(exported) {
  return typeof exported === "string" ? [exported] : Object.values(exported).flatMap(targets);
}

test("holds every file that exports names", () => {
  for (const target of targets(manifest.exports)) {
    assert.ok(files.includes(target.slice(2)), `${target} is missing from ${files.join(" ")}`);
  }
});

test("holds the shared objects of both stacks", () => {
  for (const stack of ["kernel", "userspace"]) assert.ok(files.includes(`build/netsctp_${stack}.so`), stack);
});

test("holds no sources, tests or tools", () => {
  assert.equal(files.filter((file) => !/^(dist|build)\/|^docs\/netsctp\.1$/.test(file) && /\//.test(file)), []);
});

test.run();
