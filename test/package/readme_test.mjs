// The README's programs do what it says, copied from it as a reader would.
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";

const readme = readFileSync("README.md", "utf8");
const RUN = {
  js: [process.execPath],
  ts: ["node_modules/.bin/deno", "run", "--no-prompt", "--cached-only", "--allow-ffi", "--allow-env"],
};

for (const [language, [program, ...flags]] of Object.entries(RUN)) {
  test(`the echo in ${language}`, () => {
    const [, text] = new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "ms").exec(readme);
    const file = `.readme-echo-${process.pid}.${language === "js" ? "mjs" : "ts"}`;
    writeFileSync(file, text);
    try {
      const { stdout, stderr } = spawnSync(program, [...flags, file], { timeout: 60_000 });
      assert.is(stdout.toString(), "hello on stream 3 with identifier 46\n", stderr.toString());
    } finally {
      rmSync(file);
    }
  });
}

test.run();
