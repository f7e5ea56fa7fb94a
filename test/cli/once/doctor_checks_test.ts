/** The checks that look at parameters, addresses, rules and libraries, on recorded machines; and what their cures do. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { addresses } from "../../../cli/doctor/addresses.ts";
import { buffers } from "../../../cli/doctor/buffers.ts";
import { checksums } from "../../../cli/doctor/checksums.ts";
import type { Check, Context } from "../../../cli/doctor/context.ts";
import { firewall } from "../../../cli/doctor/firewall.ts";
import { libraries } from "../../../cli/doctor/libraries.ts";
import { parameters } from "../../../cli/doctor/parameters.ts";
import { permissions } from "../../../cli/doctor/permissions.ts";
import { resources } from "../../../cli/doctor/resources.ts";
import { routes } from "../../../cli/doctor/routes.ts";
import { userspace } from "../../../cli/doctor/userspace.ts";
import { ABSENT, contextOf, only, WORKS } from "../../helpers/doctor.ts";
import { type Differences, localAddress, recordedSystem } from "../../helpers/recorded_system.ts";

async function found(check: Check, name: string, different: Differences = {}, more: Partial<Context> = {}) {
  return await check(contextOf(recordedSystem(name, different), more));
}

const ids = (findings: { id: string }[]) => findings.map(({ id }) => id);

/** The files that `sysctl -w` writes. */
function written(cure: readonly string[]): Record<string, string> {
  const settings = cure.flatMap((line) => [...line.matchAll(/([a-z][\w./]*)=("[^"]*"|\S+)/g)]);
  return Object.fromEntries(
    settings.map(([, name, value]) => {
      const path = name!.split(".").map((part) => part.replaceAll("/", "."));
      return [`/proc/sys/${path.join("/")}`, value!.replaceAll('"', "")];
    }),
  );
}

// [check, machine, finding]: its cure must make it go away.
const CURED_BY_SYSCTL: [Check, string, string][] = [
  [buffers, "debian-sctp", "receive-buffer"],
  [buffers, "debian-sctp", "send-buffer"],
  [parameters, "debian-sctp", "failure-detection"],
  [resources, "ubuntu-docker", "backlog"],
  [resources, "ubuntu-docker", "ports"],
  [addresses, "ubuntu-docker", "reverse-path-filter"],
  [addresses, "ubuntu-docker", "nonlocal-bind"],
];
for (const [check, machine, id] of CURED_BY_SYSCTL) {
  test(`${id}: the advised command cures it`, async () => {
    const before = only(await found(check, machine), id);
    assert.is.not(before.level, "ok");
    const files = written(before.cure!);
    assert.ok(Object.keys(files).length > 0, before.cure!.join());
    const after = (await found(check, machine, { files })).filter((one) => one.id === id);
    assert.ok(after.every(({ level }) => level === "ok"), JSON.stringify(after));
  });
}

test("buffers: slow where the kernel's SCTP serves, a note where it does not, nothing where they are not seen", async () => {
  const levels = async (kernel: Context["stacks"]["kernel"]) =>
    (await found(buffers, "debian-sctp", {}, { stacks: { kernel, userspace: WORKS } })).map((one) =>
      one.level
    );
  assert.equal(await levels(WORKS), ["slow", "slow"]);
  assert.equal(await levels(ABSENT), ["note", "note"]);
  assert.equal(await found(buffers, "alpine"), []);
});

test("buffers: no limit for root, but for root of a container or of a user namespace", async () => {
  const levels = async (capabilities: string, uids = "         0          0 4294967295") => {
    const files = { "/proc/self/status": `CapEff:\t${capabilities}`, "/proc/self/uid_map": uids };
    return (await found(buffers, "debian-sctp", { files, uid: 0 })).map(({ level }) => level);
  };
  assert.equal(await levels("000001ffffffffff"), ["note", "note"]);
  assert.equal(await levels("00000000a80425fb"), ["slow", "slow"]); // docker's
  assert.equal(await levels("000001ffffffffff", "         0       1000          1"), ["slow", "slow"]);
});

test("parameters: those that were changed, and the times that follow", async () => {
  const plain = await found(parameters, "debian-sctp");
  assert.match(only(plain, "kernel-parameters").what, /^all \d+ parameters/);
  assert.match(only(plain, "failure-detection").what, "after 3 min 23 s with data");
  assert.match(only(plain, "connect-time").what, "5 min 33 s");
  const files = { "/proc/sys/net/sctp/rto_min": "100", "/proc/sys/net/sctp/max_init_retransmits": "2" };
  const changed = await found(parameters, "debian-sctp", { files });
  assert.match(only(changed, "kernel-parameters").what, /: max_init_retransmits=2 rto_min=100$/);
  assert.match(only(changed, "connect-time").what, "21 s");
  assert.equal(await found(parameters, "alpine"), []);
});

test("resources: few open files, and who may have more", async () => {
  const few = only(await found(resources, "debian-sctp"), "open-files");
  assert.match(few.cure![0]!, "LimitNOFILE"); // Node has the most that this user can have
  const root = async (capabilities: string) => {
    const files = { "/proc/self/status": `Name:\tnode\nCapEff:\t${capabilities}\nSeccomp:\t0` };
    return only(await found(resources, "debian-sctp", { files, uid: 0 }), "open-files").cure!;
  };
  assert.equal(await root("000001ffffffffff"), ["ulimit -n 65536"]);
  assert.match((await root("000001fffeffffff"))[0]!, "LimitNOFILE");
  assert.is(only(await found(resources, "debian-sctp"), "associations").data?.established, 0);
  const limits = "Max open files            unlimited            unlimited            files";
  const many = await found(resources, "debian-sctp", { files: { "/proc/self/limits": limits } });
  assert.is(only(many, "open-files").level, "ok");
});

test("addresses: docker0 would be told to peers at private addresses, and what to bind to instead", async () => {
  const bridge = only(await found(addresses, "ubuntu-docker"), "advertised-addresses");
  assert.is(bridge.level, "note");
  assert.match(bridge.what, "172.17.0.1 (docker0)");
  assert.equal(bridge.cure, ['# in the program: localAddresses: ["10.1.0.5","10.2.0.5"]']);
  assert.equal(bridge.data?.toGlobalPeers, []); // private ones go to near peers only
  const global = only(await found(addresses, "rhel-blacklisted"), "advertised-addresses");
  assert.is(global.level, "ok");
  assert.equal(global.data?.toGlobalPeers, ["198.51.100.20 (eth0)"]);
  const files = { "/proc/sys/net/sctp/addr_scope_policy": "0" };
  const all = only(await found(addresses, "ubuntu-docker", { files }), "advertised-addresses");
  assert.equal((all.data?.toGlobalPeers as string[]).length, 4); // with the link-local one
});

test("addresses: one twice, IPv6 off or absent", async () => {
  const twice = ["lo 127.0.0.1", "eth0 10.0.0.1", "eth1 10.0.0.1", "eth0 fe80::1", "eth1 fe80::1"].map(
    localAddress,
  );
  const findings = await found(addresses, "alpine", { addresses: twice });
  assert.match(only(findings, "duplicate-address").what, "10.0.0.1 is on eth0 and eth1");
  assert.not(only(findings, "ipv6").cure);
  const files = { "/proc/sys/net/ipv6/conf/all/disable_ipv6": "1" };
  const off = only(await found(addresses, "alpine", { files }), "ipv6");
  assert.match(off.cure!.join(), "net.ipv6.conf.all.disable_ipv6=0");
  assert.not(ids(await found(addresses, "debian-sctp")).includes("ipv6"));
});

test("reverse path filter: strict is worse where the peer has several addresses", async () => {
  const target = { hosts: ["10.1.0.9", "10.2.0.9"], port: 3868 };
  const strict = only(await found(addresses, "ubuntu-docker", {}, { target }), "reverse-path-filter");
  assert.is(strict.level, "slow");
  assert.equal(strict.data?.strict, ["eth0"]);
});

test("routes: the way, the source, the MTU; one interface for two addresses; none", async () => {
  const to = (...remotes: string[]): Check => (context) => routes(context, remotes);
  const two = await found(to("10.1.0.9", "10.1.0.10", "10.2.0.9"), "ubuntu-docker");
  assert.equal(two.map(({ what }) => what).slice(0, 3), [
    "10.1.0.9 by eth0, from 10.1.0.5, MTU 1500",
    "10.1.0.10 via 10.1.0.1 by eth0, from 10.1.0.5, MTU 1400",
    "10.2.0.9 by eth1, from 10.2.0.5, MTU 9000",
  ]);
  assert.match(only(two, "same-interface").what, "10.1.0.10 is reached by eth0");
  const none = only(await found(to("203.0.113.9"), "debian-sctp"), "route");
  assert.is(none.level, "broken");
  assert.match(none.what, "Network is unreachable");
  assert.equal(only(await found(to("10.0.0.1"), "rhel-blacklisted"), "route").cure, [
    "sudo dnf install -y iproute",
  ]);
});

const NFT = "nft list ruleset";
const ruleset = (...rules: string[]): Differences => ({
  commands: {
    [NFT]: {
      code: 0,
      stdout: [
        "table inet filter {",
        "\tchain input {",
        ...rules.map((rule) => `\t\t${rule}`),
        "\t}",
        "}",
      ]
        .join("\n"),
      stderr: "",
    },
  },
});

test("firewall: a rule of nft that drops SCTP; the one that is typed comes before it", async () => {
  const dropped = only(await found(firewall, "ubuntu-docker"), "firewall");
  assert.is(dropped.level, "broken");
  assert.equal(dropped.cure, ["sudo nft insert rule inet filter input meta l4proto sctp accept"]);
  const cured = ruleset("meta l4proto sctp accept", "meta l4proto sctp counter packets 3 bytes 204 drop");
  assert.is(only(await found(firewall, "ubuntu-docker", cured), "firewall").level, "ok");
  const userspace = { stacks: { kernel: ABSENT, userspace: WORKS } };
  assert.is(only(await found(firewall, "ubuntu-docker", {}, userspace), "firewall").level, "note");
  const byNumber = ruleset("ip protocol 132 drop");
  assert.is(only(await found(firewall, "ubuntu-docker", byNumber), "firewall").level, "broken");
});

test("firewall: a policy that drops, and no rule that accepts SCTP", async () => {
  const hook = "type filter hook input priority filter; policy drop;";
  const shut = only(
    await found(firewall, "ubuntu-docker", ruleset(hook, "tcp dport 22 accept")),
    "firewall",
  );
  assert.is(shut.level, "note");
  assert.match(shut.cure![0]!, "nft insert rule inet filter input");
  const open = ruleset(hook, "sctp dport 3868 accept");
  assert.is(only(await found(firewall, "ubuntu-docker", open), "firewall").level, "ok");
});

test("firewall: iptables, and what cannot be listed", async () => {
  const save = (...rules: string[]): Differences => ({
    commands: {
      "iptables-save": {
        code: 0,
        stdout: ["*filter", ":INPUT ACCEPT [0:0]", ...rules].join("\n"),
        stderr: "",
      },
    },
  });
  const drop = "-A INPUT -p sctp -m sctp --dport 3868 -j DROP";
  const dropped = only(await found(firewall, "alpine", save(drop)), "firewall");
  assert.equal(dropped.cure, ["doas iptables -I INPUT -p sctp -j ACCEPT"]);
  const cured = save("-A INPUT -p sctp -j ACCEPT", drop);
  assert.is(only(await found(firewall, "alpine", cured), "firewall").level, "ok");
  const hidden = { commands: { "iptables-save": { code: 4, stdout: "", stderr: "Permission denied" } } };
  assert.match(only(await found(firewall, "alpine", hidden), "firewall").what, "only root");
  assert.match(
    only(await found(firewall, "alpine", { uid: 0 }), "firewall").what,
    "nft and iptables are not here",
  );
});

test("connection tracking, published ports, load balancers", async () => {
  const docker = await found(firewall, "ubuntu-docker");
  assert.match(only(docker, "connection-tracking").what, "432000 s");
  assert.match(only(docker, "port-publishing").what, "38412");
  const balanced = await found(firewall, "alpine", {
    files: { "/proc/net/ip_vs": "IP Virtual Server\nSCTP 0A000001:0F1C rr" },
  });
  assert.match(only(balanced, "port-publishing").what, "ip_vs");
});

test("checksums: of the self-test, of before, and left to an interface", async () => {
  const errors = (count: number) => ({
    files: { "/proc/net/sctp/snmp": `SctpChecksumErrors              \t${count}` },
  });
  const after = (before: number): Check => (context) => checksums(context, before);
  const counted = async (before: number, now: number) =>
    only(await found(after(before), "debian-sctp", errors(now)), "checksum-errors").level;
  assert.is(await counted(0, 0), "ok");
  assert.is(await counted(7, 7), "note");
  assert.is(await counted(7, 8), "broken");
  const offload = only(await found(after(0), "ubuntu-docker"), "checksum-offload");
  assert.equal(offload.cure, ["sudo ethtool -K veth1a2b tx-checksum-sctp off"]);
});

test("userspace: a UDP port that is taken, by a process or by the kernel itself", async () => {
  const taken = await found(userspace, "ubuntu-docker", {}, {
    stacks: { kernel: ABSENT, userspace: WORKS },
  });
  assert.is(only(taken, "userspace-port").level, "note");
  assert.equal(only(taken, "userspace-port").cure, ["export NETSCTP_UDP_PORT=9900"]);
  assert.is(
    only(await found(userspace, "ubuntu-docker", {}, { udpPort: 9900 }), "userspace-port").level,
    "ok",
  );
  const kernels = await found(userspace, "ubuntu-docker", {
    files: { "/proc/sys/net/sctp/udp_port": "9899" },
  });
  assert.is(only(kernels, "userspace-port").level, "ok");
});

test("libraries: where each is from, and what to do without", async () => {
  const there = await found(libraries, "alpine");
  assert.match(there[0]!.what, /^kernel: .*-musl\.so \(prebuilt, of the package\)$/);
  assert.match(there[1]!.what, /^userspace: .*\(prebuilt, fetched\)$/);
  const missing = {
    usable: false,
    code: "ERR_SCTP_NO_LIBRARY",
    reason: "Build it (make -C /srv/netsctp/c), or",
  };
  const stacks = { kernel: missing, userspace: WORKS };
  assert.equal((await found(libraries, "debian-sctp", {}, { stacks }))[0]!.cure, ["make -C /srv/netsctp/c"]);
  const variables = { NETSCTP_LIBRARY: "/nowhere" };
  const elsewhere = (await found(libraries, "debian-sctp", { variables }, { stacks }))[0]!;
  assert.equal(elsewhere.cure, ["unset NETSCTP_LIBRARY"]);
});

test("permissions: those that Deno refused are named once", async () => {
  assert.equal(await found(permissions, "alpine"), []);
  const refused = { refused: ["--allow-sys", "--allow-read"] };
  assert.match(
    only(await found(permissions, "alpine", refused), "permissions").what,
    "--allow-read --allow-sys",
  );
  const noFfi = { usable: false, code: "ERR_SCTP_PERMISSION", reason: "run Deno with --allow-ffi" };
  const findings = await found(permissions, "alpine", {}, { stacks: { kernel: noFfi, userspace: noFfi } });
  assert.equal(findings.map(({ level }) => level), ["broken"]);
});

test.run();
