// What an administrator types: run in the guest, as root, for it changes the machine.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import process from "node:process";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Block, blocksFor } from "../../tools/documents.ts";

const LIMIT_MS = 30_000;
const MODULES = ["nf_tables", "nf_conntrack", "nf_conntrack_netlink", "nft_ct", "iptable_filter", "xt_sctp"];

// The guest's modules are not where modprobe looks for them, its nf_tables has no rules for IP, and there is nothing
// but lo and what is made here.
const BEFORE = `
set -eu
export PATH=$PATH:/usr/sbin:/sbin
modprobe() { command modprobe -d /run/root "$@"; }
iptables() { command iptables-legacy "$@"; }
for name in eth0 eth1; do
  ip link show $name >/dev/null 2>&1 || ip link add $name type dummy
done
`;

const test = suite("root");

function sh(text: string, input?: string) {
  return spawnSync("bash", ["-c", BEFORE + text], {
    encoding: "utf8",
    timeout: LIMIT_MS,
    input: input ?? "",
  });
}

function run({ language, text }: Block) {
  // Its nf_tables has rules for bridges alone, which can say the same.
  return language === "nft"
    ? sh("nft --check --file -", text.replace(/^table inet/m, "table bridge"))
    : language === "js"
    ? spawnSync(process.execPath, ["--input-type=module"], {
      encoding: "utf8",
      timeout: LIMIT_MS,
      input: text,
    })
    : sh(text);
}

if (readFileSync("/proc/cmdline", "utf8").includes("guest_job=")) {
  test("the guest has what these need", () => {
    const { status, stderr } = sh(`modprobe -a ${MODULES.join(" ")}`);
    assert.is(status, 0, stderr);
  });
  for (const block of blocksFor("root_test.ts")) {
    test(`${block.file}:${block.line}`, () => {
      const { status, stdout, stderr } = run(block);
      assert.is(status, 0, stdout + stderr);
      if (block.output !== undefined) assert.is(stdout, block.output);
    });
  }
  test.run();
} else {
  console.log("SKIP what an administrator types: it changes the machine, so it runs in the guest only");
}
