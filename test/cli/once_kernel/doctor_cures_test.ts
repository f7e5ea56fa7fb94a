/** The commands that the doctor advises are run, and must cure what they are advised for. */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Finding } from "../../../cli/doctor/finding.ts";
import { blackHole, skip } from "../../helpers/capabilities.ts";
import { DOCTOR, examined, examinedWithout, only, runCommand } from "../../helpers/doctor.ts";
import { freePort } from "../../helpers/programs.ts";

/** What the parameters were that a test has set. */
const before = new Map<string, string>();

function type(line: string): void {
  for (const [, name] of line.matchAll(/ ([a-z][\w.]+)=/g)) {
    const path = `/proc/sys/${name!.replaceAll(".", "/")}`;
    if (!before.has(path)) before.set(path, readFileSync(path, "utf8"));
  }
  const { status, stderr } = spawnSync("sh", ["-c", line], { encoding: "utf8" });
  if (status !== 0) throw new Error(`${line}: ${stderr}`);
}

const peerBy = (stack: string, findings: Finding[]) =>
  findings.find(({ id, data }) => id === "peer" && data?.stack === stack)!;

if (process.getuid!() !== 0 || blackHole.reason) {
  skip("cures typed as root", blackHole.reason ?? "this process is not root");
} else {
  test.after.each(() => {
    for (const [path, value] of before) writeFileSync(path, value);
    before.clear();
  });

  test("degraded by small buffers; once all that is advised has been typed, fine on both stacks", async () => {
    type("sysctl -q -w net.core.rmem_max=212992 net.core.wmem_max=212992");
    const root = await examined(); // which may exceed them
    assert.equal([root.verdict, root.exitCode, root.serves], ["fine", 0, "kernel"]);
    const report = await examinedWithout("net_admin");
    assert.equal([report.verdict, report.exitCode, report.serves], ["degraded", 1, "kernel"]);
    const slow = report.findings.filter(({ level }) => level === "slow").map(({ id }) => id);
    assert.equal(slow, ["receive-buffer", "send-buffer"]);
    const advised = report.findings.filter(({ cure }) => cure?.every((line) => line.startsWith("sysctl -w")));
    const ids = advised.map(({ id }) => id);
    assert.equal(ids.toSorted(), ["failure-detection", "kernel-udp", "receive-buffer", "send-buffer"]);
    for (const line of advised.flatMap(({ cure }) => cure!)) type(line);

    const after = await examinedWithout("net_admin");
    assert.equal([after.verdict, after.exitCode], ["fine", 0], JSON.stringify(after.findings));
    for (const id of ids) assert.is(only(after.findings, id).level, "ok", id);

    const tests = after.findings.filter(({ id }) => id === "self-test");
    assert.equal(tests.map(({ level, data }) => [data?.stack, data?.family, level]), [
      ["kernel", "IPv4", "ok"],
      ["kernel", "IPv6", "ok"],
      ["userspace", "IPv4", "ok"],
      ["userspace", "IPv6", "ok"],
    ]);
    const options = only(after.findings, "kernel-options");
    assert.is(options.level, "ok");
    assert.ok((options.data?.extensions as string[]).includes("PR-SCTP"), options.what);
  });

  test("few open files: the advised command cures it", async () => {
    const openFiles = async (before: string) => {
      const shell = ["sh", "-c", `${before}; exec "$@"`, "sh", ...DOCTOR, "--json", "--stack", "kernel"];
      const { stdout, stderr } = await runCommand(shell);
      assert.is(stderr, "");
      return only(JSON.parse(stdout).findings, "open-files");
    };
    const few = await openFiles("ulimit -n 1024");
    assert.is(few.level, "note");
    assert.is((await openFiles(`ulimit -n 1024; ${few.cure![0]}`)).level, "ok");
  });

  test("sctp_diag is missing: the advised command cures it", async () => {
    const ran = spawnSync("rmmod", ["sctp_diag"]);
    if (ran.status !== 0) return skip("sctp_diag is missing", `rmmod: ${ran.error ?? ran.stderr}`);
    const [cure] = only((await examined(["--stack", "kernel"])).findings, "kernel-diag").cure!;
    // The guest's modules lie elsewhere than those of the machine whose files it has.
    const { status, stderr } = spawnSync("sh", ["-c", cure!.replace("modprobe", "modprobe -d /run/root")]);
    assert.is(status, 0, String(stderr));
    const { findings } = await examined(["--stack", "kernel"]);
    assert.not(findings.some(({ id }) => id === "kernel-diag"));
  });

  test("a firewall's rule drops SCTP: silence; once what is advised has been typed, an answer", async () => {
    const drop = ["INPUT", "-p", "sctp", "-j", "DROP"];
    spawnSync("modprobe", ["-d", "/run/root", "iptable_filter"]);
    const added = spawnSync("iptables-legacy", ["-A", ...drop], { encoding: "utf8" });
    if (added.status !== 0) {
      return skip("a firewall's rule", `iptables-legacy: ${added.error ?? added.stderr}`);
    }
    try {
      const args = ["--stack", "kernel", "-w", "500ms", `127.0.0.1:${await freePort()}`];
      const before = await examined(args);
      const { level, cure } = only(before.findings, "firewall");
      assert.is(level, "broken");
      assert.match(peerBy("kernel", before.findings).what, "silence");
      type(cure![0]!);
      const { findings } = await examined(args);
      assert.is(only(findings, "firewall").level, "ok");
      assert.match(peerBy("kernel", findings).what, "refused");
    } finally {
      spawnSync("iptables-legacy", ["-F", "INPUT"]);
    }
  });
}

test.run();
