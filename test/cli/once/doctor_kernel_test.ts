/** Why the kernel has no SCTP, and what to type, on recorded machines. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Context } from "../../../cli/doctor/context.ts";
import { environment } from "../../../cli/doctor/environment.ts";
import { kernel } from "../../../cli/doctor/kernel.ts";
import { ABSENT, contextOf, only, WORKS } from "../../helpers/doctor.ts";
import { type Differences, recordedSystem } from "../../helpers/recorded_system.ts";

const without = { stacks: { kernel: ABSENT, userspace: WORKS } };

async function onlyKernelFinding(name: string, different: Differences = {}) {
  const findings = await kernel(contextOf(recordedSystem(name, different), without));
  assert.is(findings.length, 1);
  return findings[0]!;
}

test("RHEL: blacklisted; once it is not, the module is only not loaded", async () => {
  const found = await onlyKernelFinding("rhel-blacklisted");
  assert.is(found.id, "kernel-blacklisted");
  assert.is(found.level, "note"); // the userspace stack serves
  assert.equal(found.cure, [
    "sudo sed -i -E 's/^ *(blacklist|install) +sctp/#&/' /etc/modprobe.d/sctp-blacklist.conf",
    "sudo modprobe sctp",
  ]);
  const cured = { "/etc/modprobe.d/sctp-blacklist.conf": "#blacklist sctp" };
  assert.is((await onlyKernelFinding("rhel-blacklisted", { files: cured })).id, "kernel-not-loaded");
});

test("RHEL without the extra modules: the package, of this kernel", async () => {
  const files = { "/lib/modules/5.14.0-427.13.1.el9_4.x86_64/modules.dep": "kernel/fs/xfs/xfs.ko.xz:" };
  const blacklist = { "/etc/modprobe.d/sctp-blacklist.conf": undefined };
  const found = await onlyKernelFinding("rhel-blacklisted", { files: { ...files, ...blacklist }, uid: 0 });
  assert.is(found.id, "kernel-no-module");
  assert.equal(found.cure, [
    "dnf install -y kernel-modules-extra-5.14.0-427.13.1.el9_4.x86_64",
    "modprobe sctp",
  ]);
});

test("Ubuntu without the extra modules", async () => {
  const found = await onlyKernelFinding("ubuntu-docker");
  assert.is(found.id, "kernel-no-module");
  assert.equal(found.cure, [
    "sudo apt-get install -y linux-modules-extra-6.8.0-45-generic",
    "sudo modprobe sctp",
  ]);
  assert.is(found.data?.config, "m");
});

test("Alpine: there, but not loaded", async () => {
  const found = await onlyKernelFinding("alpine");
  assert.is(found.id, "kernel-not-loaded");
  assert.equal(found.cure, ["doas modprobe sctp", "echo sctp | doas tee /etc/modules-load.d/sctp.conf"]);
});

test("Debian's kernel for clouds: another kernel", async () => {
  const files = {
    "/proc/sys/kernel/osrelease": "6.1.0-26-cloud-amd64",
    "/lib/modules/6.1.0-26-cloud-amd64/modules.dep": "kernel/net/ipv4/udp_tunnel.ko:",
    "/proc/modules": "",
  };
  const found = await onlyKernelFinding("debian-sctp", { files });
  assert.equal(found.cure, [
    "sudo apt-get install -y linux-image-amd64",
    "sudo reboot",
    "sudo modprobe sctp",
  ]);
});

test("a kernel that was built without SCTP, and one that nothing is known of", async () => {
  const files = { "/boot/config-6.8.0-45-generic": "# CONFIG_IP_SCTP is not set" };
  assert.match((await onlyKernelFinding("ubuntu-docker", { files })).what, "built without SCTP");
  const blind = { "/proc/version": undefined, "/proc/modules": undefined };
  const found = await onlyKernelFinding("ubuntu-docker", { files: blind });
  assert.is(found.id, "kernel-not-loaded");
  assert.match(found.what, "cannot be seen");
});

test("loaded, and yet no socket: forbidden", async () => {
  const found = await onlyKernelFinding("debian-sctp", { files: { "/run/.containerenv": "" } });
  assert.is(found.id, "kernel-forbidden");
  assert.equal(found.cure, ["podman run --security-opt seccomp=unconfined ..."]);
});

test("in a container, the cure is a command for the host", async () => {
  for (
    const different of [{ files: { "/.dockerenv": "" } }, {
      variables: { KUBERNETES_SERVICE_HOST: "10.0.0.1" },
    }]
  ) {
    assert.match((await onlyKernelFinding("ubuntu-docker", different)).cure![0]!, /^# on the host/);
  }
});

test("the kernel's stack is missed where it was asked for, or no other one serves", async () => {
  const level = async (different: Partial<Context>) =>
    (await kernel(contextOf(recordedSystem("alpine"), { ...without, ...different }))).map((one) => one.level);
  assert.equal(await level({ wanted: "userspace" }), ["note"]);
  assert.equal(await level({ wanted: "kernel" }), ["broken"]);
  assert.equal(await level({ stacks: { kernel: ABSENT, userspace: ABSENT } }), ["broken"]);
});

test("a library that is missing is not the kernel's fault", async () => {
  const noLibrary = { usable: false, code: "ERR_SCTP_NO_LIBRARY", reason: "Tried nothing" };
  const stacks = { kernel: noLibrary, userspace: noLibrary };
  assert.equal(await kernel(contextOf(recordedSystem("alpine"), { stacks })), []);
});

test("SCTP over UDP in the kernel: off, on, not known to it", async () => {
  const udp = async (files: Differences["files"]) =>
    only(await kernel(contextOf(recordedSystem("debian-sctp", { files }))), "kernel-udp");
  assert.equal((await udp({})).cure, ["sudo sysctl -w net.sctp.udp_port=9899"]);
  assert.is((await udp({ "/proc/sys/net/sctp/udp_port": "9899" })).level, "ok");
  const old = await udp({
    "/proc/sys/net/sctp/udp_port": undefined,
    "/proc/sys/kernel/osrelease": "5.10.0-32-amd64",
  });
  assert.match(old.what, "5.11");
});

// ------------------------------------------------------- where it runs

test("system and runtime: the C library, versions that are too old", async () => {
  const alpine = await environment(contextOf(recordedSystem("alpine")));
  assert.is(only(alpine, "system").what, "Alpine Linux v3.20, kernel 6.6.54-0-lts, x64, musl");
  const debian = await environment(contextOf(recordedSystem("debian-sctp")));
  assert.match(only(debian, "system").what, /x64, glibc 2\.36$/);
  assert.is(only(debian, "runtime").level, "ok");
  const old = recordedSystem("debian-sctp", { runtime: { name: "Node", version: "20.9.0" } });
  const found = only(await environment(contextOf(old)), "runtime");
  assert.is(found.level, "broken");
  assert.match(found.what, "20.12");
});

test("containers, kernels that are special, a network namespace", async () => {
  const notes = async (different: Differences) =>
    (await environment(contextOf(recordedSystem("alpine", different))))
      .filter(({ level }) => level === "note")
      .map(({ id, what }) => `${id}: ${what}`).join("\n");
  assert.is(await notes({}), "");
  assert.match(
    await notes({ files: { "/proc/1/cgroup": "0::/kubepods/besteffort/pod1" } }),
    /sandbox: .*\(kubepods\)/,
  );
  assert.match(await notes({ files: { "/proc/1/cgroup": "12:pids:/docker/0123abcd" } }), /\(docker\)/);
  assert.match(await notes({ files: { "/run/systemd/container": "lxc" } }), /\(lxc\)/);
  assert.match(
    await notes({ files: { "/proc/sys/kernel/osrelease": "5.15.153.1-microsoft-standard-WSL2" } }),
    "WSL",
  );
  assert.match(
    await notes({ files: { "/proc/sys/kernel/osrelease": "6.10.4-linuxkit" } }),
    "Docker Desktop",
  );
  assert.match(await notes({ files: { "/proc/version": "Linux version 4.19.0-gvisor" } }), "gVisor");
  const links = { "/proc/self/ns/net": "net:[4026532000]", "/proc/1/ns/net": "net:[4026531840]" };
  assert.match(await notes({ links }), "network-namespace");
  assert.is(await notes({ links: { ...links, "/proc/1/ns/net": links["/proc/self/ns/net"] } }), "");
});

test.run();
