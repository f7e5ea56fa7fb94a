// The files in the documents are what they are said to be: JSON, YAML, objects of Kubernetes, units of systemd.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parseAllDocuments } from "yaml";
import { type Block, blocksFor } from "../../tools/documents.ts";

const test = suite("files");

function checkYaml({ text, how }: Block): void {
  for (const one of parseAllDocuments(text)) {
    assert.equal(one.errors.map(({ message }) => message), []);
    if (how !== "kubernetes") continue;
    const object = one.toJS();
    for (const key of ["apiVersion", "kind", "metadata", "spec"]) assert.ok(key in object, `no ${key}`);
    assert.match(object.metadata.name, /^[a-z0-9-]+$/);
  }
}

/** systemd's own judgement. The program that the unit starts need not be here. */
function checkUnit({ text }: Block): void {
  const folder = mkdtempSync(join(tmpdir(), "netsctp-unit-"));
  try {
    const file = join(folder, "documented.service");
    writeFileSync(file, text.replace(/^(ExecStart=)\S+/m, `$1${process.execPath}`));
    const { status, stderr, error } = spawnSync("systemd-analyze", ["verify", "--man=no", file], {
      encoding: "utf8",
    });
    assert.is(error, undefined);
    // Of this file: it also tells of other units of this machine.
    const ours = stderr.split("\n").filter((line) => line.includes("documented.service"));
    assert.equal(ours, [], stderr);
    assert.is(status, 0, stderr);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

for (const block of blocksFor("files_test.ts")) {
  test(`${block.file}:${block.line} (${block.language} ${block.how})`, () => {
    if (block.language === "json") JSON.parse(block.text);
    else if (block.language === "yaml") checkYaml(block);
    else checkUnit(block);
  });
}

test.run();
