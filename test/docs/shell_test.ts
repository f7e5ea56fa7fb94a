// The commands for a checkout run as they stand in the documents, in a copy of the project.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { blocksFor } from "../../tools/documents.ts";

const LIMIT_MS = 150_000;
const NOT_COPIED = ["node_modules", ".git"];
const test = suite<{ copy: string }>("shell");

test.before((context) => {
  context.copy = mkdtempSync(join(tmpdir(), "netsctp-docs-"));
  // With its times, so that set-up finds all as it was.
  cpSync(".", context.copy, {
    recursive: true,
    preserveTimestamps: true,
    filter: (source) => !NOT_COPIED.includes(basename(source)),
  });
  symlinkSync(resolve("node_modules"), join(context.copy, "node_modules"));
});
test.after(({ copy }) => rmSync(copy, { recursive: true }));

for (const block of blocksFor("shell_test.ts")) {
  test(`${block.file}:${block.line}`, ({ copy }) => {
    const { status, stdout, stderr, error } = spawnSync("bash", ["-eu", "-c", block.text], {
      cwd: copy,
      encoding: "utf8",
      timeout: LIMIT_MS,
      stdio: ["ignore", "pipe", "pipe"],
    });
    assert.is(status, 0, `${error ?? ""}\n${stdout}\n${stderr}`);
    if (block.output !== undefined) assert.is(stdout, block.output);
  });
}

test.run();
