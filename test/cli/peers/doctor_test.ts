/** Peers of all kinds, asked for by the doctor. */
import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Finding } from "../../../cli/doctor/finding.ts";
import { blackHole, skip } from "../../helpers/capabilities.ts";
import { examined, only } from "../../helpers/doctor.ts";
import { setParameter } from "../../helpers/kernel_parameters.ts";
import { beside, freePort, start } from "../../helpers/programs.ts";
import { missing, twoPaths } from "../../helpers/two_paths.ts";

const peerBy = (stack: string, findings: Finding[]) =>
  findings.find(({ id, data }) => id === "peer" && data?.stack === stack)!;

if (process.getuid!() !== 0 || blackHole.reason) {
  skip("peers of the doctor", blackHole.reason ?? "this process is not root");
} else {
  test("a peer that listens: its streams, addresses and paths; over UDP it is not there, which is no harm", async () => {
    const port = await freePort();
    await beside(start(["socat", "-d", "-d", `SCTP-LISTEN:${port},fork`, "EXEC:cat"]), async (socat) => {
      await socat.says(/listening on/);
      const { findings, exitCode } = await examined(["-w", "300ms", `127.0.0.1:${port}`]);
      assert.ok(exitCode < 2);
      assert.match(peerBy("kernel", findings).what, /plain SCTP: up in [\d.]+ ms, 2048 streams out, 10 in/);
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
    setParameter("udp_port", 9899);
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
      "-w",
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
    const { findings, exitCode } = await examined(["--stack", "kernel", "-w", "300ms", "203.0.113.9:3868"]);
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
