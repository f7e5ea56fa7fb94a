/** examples/migrate_from_node_lksctp: the old program with the name of its package mapped, and the new one, say the same. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { commandOf } from "../../helpers/examples.ts";
import { beside, start } from "../../helpers/programs.ts";

const SAID = [
  "SCTP_ASSOC_CHANGE: SCTP_COMM_UP, MIS 10 / OS 10",
  "stream 1, identifier 46: first request answered",
  "stream 1, identifier 46: second request answered",
];

async function says(command: string[]): Promise<void> {
  await beside(start(command), async (program) => {
    await program.succeeds();
    const lines = program.stdout.toString().split("\n").filter((line) => /COMM_UP|^stream/.test(line));
    assert.equal(lines, SAID);
  });
}

for (const runtime of ["node", "deno"] as const) {
  test(`after, on ${runtime}`, async () => {
    await says(commandOf(runtime, "migrate_from_node_lksctp/after.ts", "0"));
  });
}

test("before, where lksctp is another name of netsctp", async () => {
  // What `npm install lksctp@npm:netsctp` makes: a folder of that name, with this package in it.
  const folder = mkdtempSync(join(tmpdir(), "netsctp-migration-"));
  try {
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(resolve("."), join(folder, "node_modules/lksctp"));
    const program = resolve("examples/migrate_from_node_lksctp/before.cjs");
    symlinkSync(program, join(folder, "before.cjs"));
    const flags = ["--preserve-symlinks", "--preserve-symlinks-main"]; // so that it is looked up beside the link
    await says([process.execPath, ...flags, join(folder, "before.cjs"), "0"]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test.run();
