/** What others' checkers say of the package: nothing. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { publint } from "publint";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { pack } from "../helpers/installed.ts";

test("publint finds nothing, not even something to suggest", async () => {
  const { buffer, byteOffset, byteLength } = readFileSync(pack());
  const tarball = buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
  const { messages } = await publint({ pack: { tarball }, level: "suggestion", strict: true });
  assert.equal(messages, []);
});

test("@arethetypeswrong/cli: the types are right for every way of resolving them", () => {
  const { status, stdout, stderr } = spawnSync("node_modules/.bin/attw", ["--no-color", pack()], {
    encoding: "utf8",
  });
  assert.is(status, 0, `${stdout}${stderr}`);
  assert.match(stdout, /No problems found/);
});

test.run();
