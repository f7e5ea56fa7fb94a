// The programs in docs/api.md run as they stand there, and end by themselves.
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";

const blocks = [...readFileSync("docs/api.md", "utf8").matchAll(/^```js\n(.*?)^```/gms)].map((match) =>
  match[1]
);

test("there are programs, and each imports what it uses", () => {
  assert.ok(blocks.length > 0);
  for (const block of blocks) assert.match(block, /^import .* from "netsctp";\n/);
});

for (const [index, block] of blocks.entries()) {
  const title = block.split("\n").find((line) => line !== "" && !line.startsWith("import "));
  test(`program ${index + 1}: ${title}`, () => {
    const file = `.api-example-${process.pid}.mjs`;
    writeFileSync(file, block);
    try {
      const { status, signal, stdout, stderr } = spawnSync(process.execPath, [file], { timeout: 20_000 });
      assert.is(signal, null, "it does not end by itself");
      assert.is(status, 0, stderr.toString());
      assert.not.equal(stdout.toString(), "", "it prints nothing");
    } finally {
      rmSync(file);
    }
  });
}

test.run();
