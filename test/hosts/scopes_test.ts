/** Which of a peer's addresses an association gets depends on the first one named; a warning says what is missing. */
import { once } from "node:events";
import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type ConnectOptions } from "netsctp";
import { runtime, stack } from "../helpers/capabilities.ts";
import { addHost, addLink, here } from "../helpers/hosts.ts";
import { start } from "../helpers/programs.ts";
import { commandOn } from "../helpers/runtimes.ts";

const PRIVATE = "10.1.0.2";
const GLOBAL = "198.51.100.2";
const UNIQUE_LOCAL = "fd01::2"; // RFC 4193: private by its purpose, not by SCTP's scopes
const GLOBAL_IPV6 = "2001:db8::2";
const ALL = [PRIVATE, GLOBAL, UNIQUE_LOCAL, GLOBAL_IPV6];
const CODE = "NETSCTP_ADDRESS_MISSING";

// A server of its own for each test: a peer is warned about once.
const PORTS = [5001, 5002, 5003, 5004, 5005, 5006, 5007, 5008];
let port: number;

// A peer with private and global addresses of both versions, all on one link.
const far = await addHost("far");
addLink(
  [here, "near0", "10.1.0.1/24", "198.51.100.1/24", "fd01::1/64", "2001:db8::1/64"],
  [far, "far0", `${PRIVATE}/24`, `${GLOBAL}/24`, `${UNIQUE_LOCAL}/64`, `${GLOBAL_IPV6}/64`],
);
const servers = PORTS.map((port) => JSON.stringify({ port, localAddresses: ALL }));
const peer = start(far.command(commandOn(runtime, "test/helpers/host_peer.ts", servers)));
for (const _ of PORTS) await peer.says(/listening/);

test.before.each(() => {
  const next = PORTS.shift();
  if (next === undefined) throw new Error("there are more tests than PORTS: add one");
  port = next;
});

test.after(async () => {
  await peer.stop();
  await far.close();
});

/** The addresses of the peer that an association has, and the warnings that came with it. */
async function connected(
  options: Partial<ConnectOptions>,
): Promise<[addresses: string[], warnings: string[]]> {
  const warnings: string[] = [];
  const add = (warning: Error & { code?: string }) => {
    if (warning.code === CODE) warnings.push(warning.message);
  };
  process.on("warning", add);
  try {
    const socket = connect({ port, connectTimeout: 10_000, ...options });
    await once(socket, "connect");
    const addresses = socket.remoteAddresses;
    await new Promise(setImmediate); // warnings come behind what is under way
    socket.destroy();
    return [addresses, warnings];
  } finally {
    process.off("warning", add);
  }
}

for (const first of [GLOBAL, UNIQUE_LOCAL, GLOBAL_IPV6]) {
  test(`${first} first, then a private IPv4 address: that one is missing, and a warning says so, once`, async () => {
    const remoteAddresses = [first, PRIVATE];
    const [addresses, [warning, ...more]] = await connected({ remoteAddresses });
    assert.ok(addresses.includes(first));
    assert.not(addresses.includes(PRIVATE));
    assert.match(warning!, `${first} port ${port} is up without ${PRIVATE}`);
    assert.match(warning!, "name a private IPv4 address first");
    assert.equal(more, []);
    assert.equal((await connected({ remoteAddresses }))[1], []);
  });
}

test("a private IPv4 address first: all of them are there, without a warning", async () => {
  for (const other of [GLOBAL, UNIQUE_LOCAL, GLOBAL_IPV6]) {
    const [addresses, warnings] = await connected({ remoteAddresses: [PRIVATE, other] });
    assert.ok([PRIVATE, other].every((one) => addresses.includes(one)), addresses.join());
    assert.equal(warnings, []);
  }
});

test("global addresses of both versions, in either order: no warning", async () => {
  for (const remoteAddresses of [[GLOBAL, GLOBAL_IPV6], [GLOBAL_IPV6, GLOBAL]]) {
    const [addresses, warnings] = await connected({ remoteAddresses });
    assert.ok(remoteAddresses.every((one) => addresses.includes(one)), addresses.join());
    assert.equal(warnings, []);
  }
});

test("one host, written otherwise, twice, or found by a name: no warning", async () => {
  const remoteAddresses = [PRIVATE, "2001:DB8:0::2", GLOBAL_IPV6, PRIVATE];
  assert.equal((await connected({ remoteAddresses }))[1], []);
  assert.equal((await connected({ host: GLOBAL_IPV6 }))[1], []);
  const lookup: ConnectOptions["lookup"] = (_name, _options, callback) =>
    callback(null, [{ address: GLOBAL_IPV6, family: 6 }, { address: PRIVATE, family: 4 }]);
  assert.equal((await connected({ host: "far.example", lookup }))[1], []);
});

test("an address that the peer does not name: a warning says that", async () => {
  far.ip("addr", "add", "10.1.0.9/24", "dev", "far0"); // its server is not bound to it
  const [, warnings] = await connected({ remoteAddresses: [PRIVATE, "10.1.0.9"] });
  assert.is(warnings.length, 1);
  assert.match(warnings[0]!, /without 10\.1\.0\.9, .* The peer does not name it as its own$/);
});

if (stack === "kernel") {
  test("net.sctp.addr_scope_policy=0 at both ends: the private one is there behind a global one, too", async () => {
    for (const host of [here, far]) host.sysctl("net.sctp.addr_scope_policy", 0);
    try {
      const [addresses, warnings] = await connected({ remoteAddresses: [GLOBAL_IPV6, PRIVATE] });
      assert.ok(addresses.includes(PRIVATE));
      assert.equal(warnings, []);
    } finally {
      for (const host of [here, far]) host.sysctl("net.sctp.addr_scope_policy", 1);
    }
  });
}

test.run();
