/** The doctor on this machine, which may have SCTP in its kernel or not. */
import { mkdtempSync, rmSync } from "node:fs";
import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { stackInfo } from "netsctp";
import { skip } from "../../helpers/capabilities.ts";
import { COMMAND } from "../../helpers/command_line.ts";
import { DOCTOR, examined, only, type Report, runCommand } from "../../helpers/doctor.ts";

const hasKernel = (() => {
  try {
    return stackInfo("kernel").stack === "kernel";
  } catch {
    return false;
  }
})();
const isDeno = "Deno" in globalThis;

if (hasKernel) {
  skip("a machine without SCTP in its kernel", "this one has it");
} else {
  test("without SCTP in the kernel: the userspace stack serves, and the cure names the module", async () => {
    const report = await examined();
    assert.equal([report.verdict, report.exitCode, report.serves], ["fine", 0, "userspace"]);
    const kernel = report.findings.find(({ id }) => id.startsWith("kernel-"))!;
    assert.is(kernel.level, "note");
    assert.match(kernel.cure!.join("\n"), "modprobe sctp");
    for (const { level, what } of report.findings.filter(({ id }) => id === "self-test")) {
      assert.is(level, "ok", what);
    }
  });

  test("without SCTP in the kernel, which is asked for: unusable", async () => {
    const report = await examined(["--stack", "kernel"]);
    assert.equal([report.verdict, report.exitCode, report.serves], ["unusable", 2, null]);
    assert.is(report.findings.find(({ id }) => id.startsWith("kernel-"))!.level, "broken");
  });

  test("a peer over UDP that nobody is: unusable, in words", async () => {
    // The discard port of UDP: nobody has it here, and the host says so.
    const report = await examined(["-w", "300ms", "--udp-port", "9", "127.0.0.1:3868"]);
    assert.is(report.exitCode, 2);
    assert.match(only(report.findings, "peer").what, "over UDP port 9: nobody has that UDP port");
  });
}

test("asked for the userspace stack, the kernel's is not missed; both IP versions are tried", async () => {
  const report = await examined(["--stack", "userspace"]);
  assert.is(report.serves, "userspace");
  assert.not(report.findings.some(({ level }) => level === "broken"), JSON.stringify(report.findings));
  const tests = report.findings.filter(({ id }) => id === "self-test");
  assert.ok(tests.every(({ data }) => data?.stack === "userspace"));
  assert.ok(tests.some(({ data }) => data?.family === "IPv4"));
  assert.ok(report.notProbed.length > 0);
});

test("no library: unusable, and the advised command cures it", async () => {
  const directory = mkdtempSync("/tmp/netsctp-none-");
  try {
    const report = await examined([], { NETSCTP_LIBRARY: directory });
    assert.equal([report.verdict, report.exitCode, report.serves], ["unusable", 2, null]);
    const libraries = report.findings.filter(({ id }) => id === "library");
    assert.is(libraries.length, 2);
    assert.equal(libraries[0]!.cure, ["unset NETSCTP_LIBRARY"]);
    const shell = ["sh", "-c", `${libraries[0]!.cure![0]}; exec "$@"`, "sh", ...DOCTOR, "--json"];
    const cured = await runCommand(shell, { NETSCTP_LIBRARY: directory });
    assert.is.not(cured.code, 2, cured.stdout + cured.stderr);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test("loopback is down: unusable, and the advised command cures it", async () => {
  const inNamespace = ["unshare", ...process.getuid!() === 0 ? [] : ["--map-root-user"], "--net"];
  const probe = await runCommand([...inNamespace, "true"]);
  if (probe.code !== 0) return skip("loopback is down", `no network namespace: ${probe.stderr}`);
  const doctor = [...DOCTOR, "--stack", "userspace", "--json"];
  const run = async (...command: string[]) => {
    const { stdout, stderr } = await runCommand([...inNamespace, ...command]);
    const report: Report = JSON.parse(stdout || `{"findings":[],"stderr":${JSON.stringify(stderr)}}`);
    return report.findings.filter(({ id, data }) => id === "self-test" && data?.family === "IPv4");
  };
  const [broken] = await run(...doctor);
  assert.is(broken?.level, "broken");
  assert.is(broken!.cure?.length, 1);
  const [cured] = await run("sh", "-c", `${broken!.cure![0]}; exec "$@"`, "sh", ...doctor);
  assert.is(cured?.level, "ok", cured?.what);
});

test("text: a line a finding, cures below theirs, the verdict last, no colours", async () => {
  const { stdout, code } = await runCommand([...DOCTOR, "--stack", "userspace"]);
  assert.match(stdout, /^Environment\n {2}ok {6}\S/);
  assert.match(stdout, /\nSelf-test\n {2}ok {6}userspace, IPv4: [\d.]+ ms to connect/);
  assert.match(stdout, /\n\n(fine|degraded): SCTP over UDP serves; 0 broken, \d+ slow, \d+ to note\n$/);
  assert.not.match(stdout, "\x1b");
  assert.ok(code === 0 || code === 1);
});

test("--mask leaves no address but those of loopback", async () => {
  const { stdout } = await runCommand([
    ...DOCTOR,
    "--json",
    "--mask",
    "-w",
    "200ms",
    "--stack",
    "userspace",
    "198.51.100.7,198.51.100.8:3868",
  ]);
  const addresses = stdout.match(/\b\d+\.\d+\.\d+\.\d+\b/g) ?? [];
  assert.equal(addresses.filter((one) => !/^(127|0)\./.test(one)), []);
  assert.match(stdout, "address-2");
});

test("a wrong peer is a wrong command line", async () => {
  const { code, stderr } = await runCommand([...DOCTOR, "127.0.0.1"]);
  assert.is(code, 64);
  assert.match(stderr, "port");
});

if (isDeno) {
  const withFlags = (...flags: string[]) => [
    "env", // else a Deno that Deno starts is given all permissions, and so is one without any flag
    COMMAND[0]!,
    "run",
    "--no-prompt",
    "--cached-only",
    ...flags,
    "cli/main.ts",
    "doctor",
    "--json",
  ];

  test("Deno with fewer permissions: says which, and goes on with what it may", async () => {
    const { stdout } = await runCommand(withFlags("--allow-ffi"));
    const { findings, serves } = JSON.parse(stdout);
    assert.is.not(serves, null);
    const { data, cure } = only(findings, "permissions");
    for (const flag of ["--allow-env", "--allow-read", "--allow-sys"]) {
      assert.ok((data?.refused as string[]).includes(flag), flag);
    }
    assert.equal(cure, ["deno run --allow-all ..."]);
  });

  test("Deno without --allow-ffi: unusable", async () => {
    const { code, stdout, stderr } = await runCommand(withFlags("--allow-env=HOME"));
    assert.is(code, 2, stdout + stderr);
    const found = JSON.parse(stdout).findings.find((one: { level: string }) => one.level === "broken");
    assert.is(found.id, "permissions");
    assert.equal(found.cure, ["deno run --allow-ffi ..."]);
  });
} else {
  skip("fewer permissions", "Deno's alone");
}

test.run();
