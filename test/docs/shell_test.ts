// The commands for a checkout run as they stand in the documents, in a copy of the project each.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { blocksFor } from "../../tools/documents.ts";

const LIMIT_MS = 150_000;
const NOT_COPIED = ["node_modules", ".git", "build"];
/** Large, and not needed. */
const NOT_OF_BUILD = ["sanitize", "bench", "docs"];
/** Large, and only read. */
const LINKED = ["node_modules", "build/runtimes", "build/tools", "build/guest"];
const test = suite("shell");

/**
 * With its times to the nanosecond, so that set-up finds all as it was and neither builds nor installs anything. The
 * packages are links to the same files: what is done to them in the copy leaves the original alone.
 */
function copyOfProject(): string {
  mkdirSync("build/docs", { recursive: true });
  const copy = mkdtempSync("build/docs/copy-");
  const built = readdirSync("build").filter((name) => !NOT_OF_BUILD.includes(name))
    .map((name) => `build/${name}`).filter((path) => !LINKED.includes(path));
  const sources = readdirSync(".").filter((name) => !NOT_COPIED.includes(name));
  cp("-a", "--parents", ...sources, ...built, copy);
  cp("-al", "--parents", ...LINKED.filter((path) => existsSync(path)), copy);
  return copy;
}

function cp(...args: string[]): void {
  const { status, stderr } = spawnSync("cp", args, { encoding: "utf8" });
  assert.is(status, 0, stderr);
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
