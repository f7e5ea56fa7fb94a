// `import` of the package root: on plain Node, without a loader, as a published program does.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import * as netsctp from "netsctp";
import { test } from "uvu";
import * as assert from "uvu/assert";

test("import loads no shared object of ours", () => {
  assert.not.match(readFileSync("/proc/self/maps", "utf8"), /netsctp_\w+\.so/);
});

test("import and require give the same names, and both may be in one process", () => {
  const required = createRequire(import.meta.url)("../..");
  assert.equal(Object.keys(netsctp).sort(), Object.keys(required).sort());
});

test.run();
