// The commands for a checkout run as they stand in the documents, in a copy of the project each.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { blocksFor } from "../../tools/documents.ts";

const LIMIT_MS = 150_000;
/** Not of the sources; what was built comes along. */
const NOT_COPIED = ["node_modules", ".git"];
const test = suite("shell");

/** With its times to the nanosecond, so that set-up finds all as it was and neither builds nor installs anything. */
function copyOfProject(): string {
  const copy = mkdtempSync(join(tmpdir(), "netsctp-docs-"));
  const entries = readdirSync(".").filter((name) => !NOT_COPIED.includes(name));
  const { status, stderr } = spawnSync("cp", ["-a", ...entries, copy], { encoding: "utf8" });
  assert.is(status, 0, stderr);
  symlinkSync(resolve("node_modules"), join(copy, "node_modules"));
  return copy;
}

for (const block of blocksFor("shell_test.ts")) {
  test(`${block.file}:${block.line}`, () => {
    const cwd = copyOfProject();
    try {
      const { status, stdout, stderr, error } = spawnSync("bash", ["-eu", "-c", block.text], {
        cwd,
        encoding: "utf8",
        timeout: LIMIT_MS,
        stdio: ["ignore", "pipe", "pipe"],
      });
      assert.is(status, 0, `${error ?? ""}\n${stdout}\n${stderr}`);
      if (block.output !== undefined) assert.is(stdout, block.output);
    } finally {
      rmSync(cwd, { recursive: true });
    }
  });
}

test.run();
