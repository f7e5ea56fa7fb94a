/** The paths of an association: what they are, what changes, and what can be set of one of them. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  type AssociationOptions,
  connect,
  createServer,
  type Path,
  type PathChange,
  type Socket,
} from "netsctp";
import { stack } from "../helpers/capabilities.ts";
import { closed, connectedPair } from "../helpers/pair.ts";

const ADDRESSES = ["127.0.0.1", "127.0.0.2", "::1"];

interface Ends {
  client: Socket;
  peer: Socket;
  /** What each end was told of its paths, "address change". */
  changes: Record<"client" | "peer", string[]>;
  close(): Promise<void>;
}

/** Of a peer that gives its end up. */
const forgive = (socket: Socket) => void socket.on("error", () => {});

const pathTo = (socket: Socket, address: string) => socket.paths().find((path) => path.address === address);

/** Waits until a path has become what is asked for. */
async function becomes(socket: Socket, address: string, wanted: PathChange): Promise<Path> {
  for (;;) {
    const [path, change] = await once(socket, "path") as [Path, PathChange];
    if (path.address === address && change === wanted) return path;
  }
}

/** Both ends, when all of their paths are confirmed: events tell the one that was not given the addresses. */
async function ends(addresses = ADDRESSES, options: AssociationOptions = {}): Promise<Ends> {
  const server = createServer(options, forgive).listen({ localAddresses: addresses });
  await once(server, "listening");
  const { port } = server.address()!;
  const client = connect({ port, remoteAddresses: addresses, localAddresses: addresses, ...options });
  const changes: Ends["changes"] = { client: [], peer: [] };
  client.on("path", (path, change) => changes.client.push(`${path.address} ${change}`));
  const connected = once(client, "connect");
  const [peer] = await once(server, "connection") as [Socket];
  peer.on("path", (path, change) => changes.peer.push(`${path.address} ${change}`));
  await connected;
  peer.sendHeartbeat(); // the kernel's stack would take its time
  for (const address of addresses.slice(1)) {
    while (!changes.peer.includes(`${address} confirmed`)) await once(peer, "path");
  }
  while (!client.paths().every(({ state }) => state === "active")) await once(client, "path");
  return {
    client,
    peer,
    changes,
    async close() {
      client.end();
      peer.resume();
      await once(client.resume(), "close");
      await closed(server);
    },
  };
}

test("paths() has one for each of remoteAddresses, the primary first; none before and after", async () => {
  const { client, peer, close } = await ends();
  for (const socket of [client, peer]) {
    const paths = socket.paths();
    assert.equal(paths.map(({ address }) => address), socket.remoteAddresses);
    assert.equal(paths.map(({ isPrimary }) => isPrimary), [true, false, false]);
    for (const { address, isPrimary, ...path } of paths) {
      const info = socket.peerInfoByAddress[address]!;
      const { srtt, rto, cwnd, mtu } = info;
      const expected = { state: "active", srtt, rto, cwnd, mtu, heartbeat: 30_000, maxRetransmissions: 5 };
      assert.equal(path, expected, `${address} ${isPrimary}`);
    }
  }
  const other = connect({ port: client.remotePort!, host: "127.0.0.1" });
  assert.equal(other.paths(), []);
  other.destroy();
  await close();
  assert.equal(client.paths(), []);
});

test("setPrimaryPath(): both stacks tell it to who set it, and the other end notices nothing", async () => {
  const { client, peer, changes, close } = await ends();
  let addressChanges = 0;
  client.on("address-change", () => addressChanges++);
  changes.client.length = changes.peer.length = 0;
  for (const [written, address] of [["::ffff:127.0.0.2", "127.0.0.2"], ["0:0::0:1", "::1"]] as const) {
    const told = becomes(client, address, "primary");
    assert.is(client.setPrimaryPath(written), client);
    assert.is(client.remoteAddress, address);
    assert.is(client.paths()[0]!.address, address);
    const path = await told;
    assert.ok(path.isPrimary);
    assert.is(path.state, "active");
  }
  assert.equal(changes.client, ["127.0.0.2 primary", "::1 primary"]);
  assert.is(addressChanges, 2);
  client.write("x");
  await once(peer.resume(), "data");
  assert.equal(changes.peer, []);
  await close();
});

test("setPrimaryPath() of a path that the peer has not confirmed", async () => {
  const addresses = ADDRESSES.slice(0, 2);
  const server = createServer(forgive).listen({ localAddresses: addresses });
  await once(server, "listening");
  const trouble = new Promise<NodeJS.ErrnoException>((resolve) =>
    server.on("connection", (socket: Socket) => {
      assert.is(pathTo(socket, "127.0.0.2")!.state, "unconfirmed");
      try {
        socket.setPrimaryPath("127.0.0.2");
      } catch (error) {
        resolve(error as NodeJS.ErrnoException);
      }
    })
  );
  const client = connect({
    port: server.address()!.port,
    remoteAddresses: addresses,
    localAddresses: addresses,
  });
  const { code, message } = await trouble;
  assert.is(code, "EINVAL");
  assert.match(message, "127.0.0.2: the peer has not confirmed it yet");
  client.destroy();
  await closed(server);
});

test("configurePath() sets options of one path", async () => {
  const { client, close } = await ends();
  client.configurePath("127.0.0.2", {
    heartbeat: 7000,
    retransmissions: { path: 3, potentiallyFailed: 1 },
    dscp: 46,
  });
  client.configurePath("::1", { heartbeat: false, pathMtu: 1400 });
  client.configurePath("127.0.0.1", {});
  const watched = (address: string) => {
    const { heartbeat, maxRetransmissions } = pathTo(client, address)!;
    return { heartbeat, maxRetransmissions };
  };
  assert.equal(watched("127.0.0.1"), { heartbeat: 30_000, maxRetransmissions: 5 });
  assert.equal(watched("127.0.0.2"), { heartbeat: 7000, maxRetransmissions: 3 });
  assert.equal(watched("::1"), { heartbeat: false, maxRetransmissions: 5 });
  assert.is(pathTo(client, "::1")!.mtu < pathTo(client, "127.0.0.1")!.mtu, true);
  client.configure({ heartbeat: 9000 });
  assert.equal(client.paths().map(({ heartbeat }) => heartbeat), [9000, 9000, 9000]);
  await close();
});

test("configurePath() refuses what no path has, and wrong values", async () => {
  const { client, close } = await connectedPair();
  const refuses = (options: object, code: string, text: RegExp) =>
    assert.throws(
      () => client.configurePath("127.0.0.1", options),
      (error: NodeJS.ErrnoException) => error.code === code && text.test(error.message),
    );
  refuses(
    { rto: { max: 800 } },
    "ERR_INVALID_ARG_VALUE",
    /no option options\.rto: .*options\.retransmissions/,
  );
  refuses({ retransmissions: { association: 3 } }, "ERR_INVALID_ARG_VALUE", /no option/);
  refuses({ retransmissions: { path: 0 } }, "ERR_OUT_OF_RANGE", /options\.retransmissions\.path/);
  refuses({ heartbeat: "often" }, "ERR_INVALID_ARG_TYPE", /options\.heartbeat/);
  await close();
});

test("the flow label is for IPv6 of the kernel's stack", async () => {
  const { client, close } = await ends();
  const set = () => client.configurePath("::1", { flowLabel: 0xabcde });
  if (stack === "kernel") set();
  else assert.throws(set, /flowLabel/);
  await close();
});

test("sendHeartbeat(): to one, to all", async () => {
  const { client, close } = await ends();
  assert.is(client.sendHeartbeat(), client);
  assert.is(client.sendHeartbeat("127.0.0.2"), client);
  await close();
});

for (const end of ["client", "peer"] as const) {
  test(`requestPrimaryPath() of the ${end}: the other end, whose primary path it is then, is told`, async () => {
    const sctp = { dynamicAddresses: true };
    const { changes, close, ...both } = await ends(ADDRESSES.slice(0, 2), { sctp });
    const [socket, other] = end === "client" ? [both.client, both.peer] : [both.peer, both.client];
    for (const address of ["127.0.0.2", "127.0.0.1"]) {
      const told = becomes(other, address, "primary");
      assert.is(socket.requestPrimaryPath(`::ffff:${address}`), socket);
      assert.ok((await told).isPrimary);
      assert.is(other.remoteAddress, address);
    }
    assert.equal(changes[end].filter((one) => one.endsWith("primary")), []);
    await close();
  });
}

test("requestPrimaryPath() without dynamic addresses says which end lacks them", async () => {
  const sctp = { dynamicAddresses: true };
  const without = { dynamicAddresses: false };
  const { client, peer, close } = await connectedPair({ server: { sctp: without }, client: { sctp } });
  for (const [socket, end] of [[client, "peer"], [peer, "local"]] as const) {
    assert.throws(
      () => socket.requestPrimaryPath(socket.localAddress!),
      (error: Error & { code: string; end: string }) =>
        error.code === "ERR_SCTP_NOT_NEGOTIATED" && error.end === end,
    );
  }
  await close();
});

const CALLS: Array<[name: string, call: (socket: Socket, address: string) => unknown]> = [
  ["configurePath", (socket, address) => socket.configurePath(address, { heartbeat: 9000 })],
  ["sendHeartbeat", (socket, address) => socket.sendHeartbeat(address)],
  ["setPrimaryPath", (socket, address) => socket.setPrimaryPath(address)],
  ["requestPrimaryPath", (socket, address) => socket.requestPrimaryPath(address)],
];

for (const [name, call] of CALLS) {
  test(`${name}(): addresses that cannot be, at times that cannot be`, async () => {
    const sctp = { dynamicAddresses: true };
    const { client, peer, server, close } = await connectedPair({
      server: { sctp },
      client: { sctp, localAddress: "127.0.0.3" },
    });
    server.on("connection", forgive);
    const fails = (socket: Socket, address: unknown, code: string, text = /./) =>
      assert.throws(
        () => call(socket, address as string),
        (error: NodeJS.ErrnoException) => error.code === code && text.test(error.message),
        `${name} ${String(address)}`,
      );
    const isLocal = name === "requestPrimaryPath";
    const [whose, known] = isLocal ? ["this end's", "127.0.0.3"] : ["the peer's", "127.0.0.1"];
    fails(client, "192.0.2.1", "ERR_SCTP_UNKNOWN_ADDRESS", new RegExp(`192.0.2.1 .* ${whose} .* ${known}$`));
    for (const wrong of ["example.org", "", null, 7]) fails(client, wrong, "ERR_INVALID_IP_ADDRESS");
    if (name !== "sendHeartbeat") fails(client, undefined, "ERR_INVALID_IP_ADDRESS");

    const other = connect({ port: server.address()!.port, host: "127.0.0.1" });
    fails(other, known, "ENOTCONN");
    other.destroy();
    call(other, known); // as all settings
    client.once("end", () => fails(client, known, "ENOTCONN"));
    peer.end();
    await once(client.resume(), "close");
    await close();
  });
}

test.run();
