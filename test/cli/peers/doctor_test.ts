/** The doctor where the kernel has SCTP: what it advises is typed, and peers of all kinds are tried. */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Finding } from "../../../cli/doctor/finding.ts";
import { blackHole, skip } from "../../helpers/capabilities.ts";
import { DOCTOR, examined, only, runCommand } from "../../helpers/doctor.ts";
import { beside, freePort, start } from "../../helpers/programs.ts";
import { missing, twoPaths } from "../../helpers/two_paths.ts";

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
    const report = await examined();
    assert.equal([report.verdict, report.exitCode, report.serves], ["degraded", 1, "kernel"]);
    const slow = report.findings.filter(({ level }) => level === "slow").map(({ id }) => id);
    assert.equal(slow, ["receive-buffer", "send-buffer"]);
    const advised = report.findings.filter(({ cure }) => cure?.every((line) => line.startsWith("sysctl -w")));
    const ids = advised.map(({ id }) => id);
    assert.equal(ids.toSorted(), ["failure-detection", "kernel-udp", "receive-buffer", "send-buffer"]);
    for (const line of advised.flatMap(({ cure }) => cure!)) type(line);

    const after = await examined();
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

  test("few open files: what is typed mends it", async () => {
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

  test("sctp_diag is missing: what is typed mends it", async () => {
    const ran = spawnSync("rmmod", ["sctp_diag"]);
    if (ran.status !== 0) return skip("sctp_diag is missing", `rmmod: ${ran.error ?? ran.stderr}`);
    const [cure] = only((await examined(["--stack", "kernel"])).findings, "kernel-diag").cure!;
    // The guest's modules lie elsewhere than those of the machine whose files it has.
    const { status, stderr } = spawnSync("sh", ["-c", cure!.replace("modprobe", "modprobe -d /run/root")]);
    assert.is(status, 0, String(stderr));
    const { findings } = await examined(["--stack", "kernel"]);
    assert.not(findings.some(({ id }) => id === "kernel-diag"));
  });

  test("a peer that listens: its streams, addresses and paths; over UDP it is not there, which is no harm", async () => {
    const port = await freePort();
    await beside(start(["socat", "-d", "-d", `SCTP-LISTEN:${port},fork`, "EXEC:cat"]), async (socat) => {
      await socat.says(/listening on/);
      const { findings, exitCode } = await examined(["-t", "300ms", `127.0.0.1:${port}`]);
      assert.ok(exitCode < 2);
      assert.match(peerBy("kernel", findings).what, /plain SCTP: up in [\d.]+ ms, 10 streams out/);
      assert.is(peerBy("kernel", findings).data?.closed, true);
      const addresses = findings.find(({ id }) => id === "peer-addresses")!;
      assert.ok((addresses.data?.addresses as string[]).includes("127.0.0.1"));
      const path = findings.find(({ id, data }) => id === "peer-path" && data?.address === "127.0.0.1")!;
      assert.is(path.level, "ok");
      assert.match(path.what, /active, .*RTO \d+ ms, MTU \d+/);
      assert.is(only(findings, "route").data?.device, "lo");
      assert.is(peerBy("userspace", findings).level, "note");
    });
  });

  test("a peer that can be reached over UDP", async () => {
    type("sysctl -q -w net.sctp.udp_port=9899");
    const port = await freePort();
    await beside(start(["socat", "-d", "-d", `SCTP-LISTEN:${port}`, "EXEC:cat"]), async (socat) => {
      await socat.says(/listening on/);
      const { findings } = await examined(["--stack", "userspace", `127.0.0.1:${port}`]);
      assert.match(peerBy("userspace", findings).what, "over UDP port 9899: up in");
      assert.not(peerBy("kernel", findings));
    });
  });

  test("nobody listens: refused, by an ABORT", async () => {
    const { findings, exitCode } = await examined(["--stack", "kernel", `127.0.0.1:${await freePort()}`]);
    assert.is(exitCode, 2);
    assert.match(peerBy("kernel", findings).what, "refused: the host answers with ABORT");
  });

  test("a black hole: silence, after packets have left", async () => {
    const { findings, exitCode } = await examined([
      "--stack",
      "kernel",
      "-t",
      "500ms",
      `${blackHole.host}:${blackHole.port}`,
    ]);
    assert.is(exitCode, 2);
    const { what, cure, data } = peerBy("kernel", findings);
    assert.match(what, "silence for 0.5 s");
    assert.match(cure![0]!, `tcpdump -ni any sctp and port ${blackHole.port}`);
    const { before, after } = data!.packets as Record<string, { sent: number; received: number }>;
    assert.ok(after!.sent > before!.sent);
    assert.is(after!.received, before!.received);
  });

  test("no route", async () => {
    const { findings, exitCode } = await examined(["--stack", "kernel", "-t", "300ms", "203.0.113.9:3868"]);
    assert.is(exitCode, 2);
    assert.is(only(findings, "route").level, "broken");
    assert.match(peerBy("kernel", findings).what, "no way to the host");
  });

  test("a peer with two paths: both active; once one is cut, that one is not", async () => {
    if (missing) return skip("a peer with two paths", missing);
    const { there, far, cut, close } = twoPaths();
    try {
      const port = await freePort();
      await beside(start(there(["ncat", "-v", "--sctp", "-l", "-k", String(port)])), async (ncat) => {
        await ncat.says(/Listening on 0\.0\.0\.0/);
        const states = async () => {
          const { findings } = await examined(["--stack", "kernel", `${far.join(",")}:${port}`]);
          const paths = findings.filter(({ id }) => id === "peer-path");
          return Object.fromEntries(paths.map(({ data, level }) => [data?.address, level]));
        };
        assert.equal(await states(), { [far[0]]: "ok", [far[1]]: "ok" });
        cut(1);
        assert.equal(await states(), { [far[0]]: "ok", [far[1]]: "slow" });
      });
    } finally {
      close();
    }
  });
}

test.run();
