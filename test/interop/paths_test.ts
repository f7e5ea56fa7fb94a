/** Two addresses at each end, one on each stack: which of them a packet goes to is for the program to say, at its own end
 * and at the other one, and for time-outs. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { PathChange, SctpOptions, Socket, Stack } from "netsctp";
import { type Across, across, CLIENTS, SERVERS, testAcross } from "../helpers/across.ts";
import { skip } from "../helpers/capabilities.ts";
import { missing } from "../helpers/encapsulation.ts";
import { CHUNK, type Chunk, ppidOf } from "../helpers/relay.ts";

const RTO = { initial: 200, min: 200, max: 200 };
const ADDRESS_ADDED = 0xc001, PRIMARY_SET = 0xc004;

/** Waits until both of the other end's addresses are confirmed. */
async function confirmed(socket: Socket): Promise<void> {
  const isAll = () => socket.paths().length === 2 && socket.paths().every(({ state }) => state === "active");
  socket.sendHeartbeat();
  while (!isAll()) await once(socket, "path");
}

async function twoHomed(stack: Stack, ofBoth?: SctpOptions): Promise<Across> {
  const sctp = { rto: RTO, heartbeat: 200, ...ofBoth };
  const pair = await across(stack, { homes: 2, both: { sctp } });
  await Promise.all([pair.client, pair.peer].map(confirmed));
  return pair;
}

/** Waits until a path of a socket's has become that. */
function becomes(socket: Socket, address: string, wanted: PathChange): Promise<void> {
  return new Promise((resolve) =>
    socket.on("path", function look(path, change) {
      if (path.address !== address || change !== wanted) return;
      socket.off("path", look);
      resolve();
    })
  );
}

let lastPpid = 0;

/** Sends a message, and says to which address it went first. */
async function wayOf({ relay, client, peer }: Across, from: "client" | "server", destination?: string) {
  const ppid = ++lastPpid;
  (from === "client" ? client : peer).send("x", { ppid, ...(destination && { destination }) });
  const [{ packet }] = await relay.until(from, CHUNK.DATA, (chunk) => ppidOf(chunk) === ppid) as [Chunk];
  return from === "client" ? packet.serverAddress : packet.clientAddress;
}

testAcross("setPrimaryPath() and destination: messages go there", async (stack) => {
  const pair = await twoHomed(stack);
  const { client, close } = pair;
  for (const address of [SERVERS[1], SERVERS[0]]) {
    client.setPrimaryPath(address);
    assert.is(client.remoteAddress, address);
    assert.is(await wayOf(pair, "client"), address);
    const other = SERVERS.find((one) => one !== address)!;
    assert.is(await wayOf(pair, "client", other), other);
  }
  await close();
});

testAcross(
  "requestPrimaryPath(): the other end is asked by a signed ASCONF, sends there, and says so",
  async (stack) => {
    const pair = await twoHomed(stack, { dynamicAddresses: true });
    const { client, peer, relay, close } = pair;
    for (
      const [end, socket, other, addresses] of [["client", client, peer, CLIENTS], [
        "server",
        peer,
        client,
        SERVERS,
      ]] as const
    ) {
      const far = end === "client" ? "server" : "client";
      assert.is(await wayOf(pair, far), addresses[0]);
      const told = becomes(other, addresses[1], "primary");
      socket.requestPrimaryPath(addresses[1]);
      await told;
      assert.is(other.remoteAddress, addresses[1]);
      assert.is(await wayOf(pair, far), addresses[1]);
      const [asconf] = relay.chunks(end, CHUNK.ASCONF) as [Chunk];
      assert.ok(asconf.bytes.includes(Buffer.from([PRIMARY_SET >> 8, PRIMARY_SET & 255])));
      const types = asconf.packet.chunks.map(({ type }) => type);
      assert.ok(types.includes(CHUNK.AUTH) && types.indexOf(CHUNK.AUTH) < types.indexOf(CHUNK.ASCONF));
      await relay.until(far, CHUNK.ASCONF_ACK);
    }
    await close();
  },
);

testAcross(
  "potentiallyFailed: one time-out, and messages go the other way; then the path is unreachable, then back",
  async (stack) => {
    const pair = await twoHomed(stack, {
      retransmissions: { path: 3, association: 1000, potentiallyFailed: 0 },
    });
    const { client, relay, close } = pair;
    const [first, second] = SERVERS;
    const told: PathChange[] = [];
    client.on("path", ({ address }, change) => address === first && told.push(change));
    const [suspect, unreachable] = [
      becomes(client, first, "potentially-failed"),
      becomes(client, first, "unreachable"),
    ];
    relay.loses = ({ serverAddress }) => serverAddress === first;
    client.send("sent twice");
    await suspect;
    assert.is(await wayOf(pair, "client"), second);
    await unreachable;
    assert.equal(told, ["potentially-failed", "unreachable"]);
    const available = becomes(client, first, "available");
    relay.loses = () => false;
    await available;
    assert.is(await wayOf(pair, "client"), first); // it is the primary one all the while
    await close();
  },
);

/** What becomes of a primary path that is unreachable and then works again, and which way messages go at the end. */
async function recovered(primarySwitchover?: number) {
  const pair = await twoHomed("kernel", {
    retransmissions: { path: 3, association: 1000, potentiallyFailed: 0 },
  });
  const { client, relay, close } = pair;
  client.configure({ retransmissions: { primarySwitchover } }); // which usrsctp, at the other end, does not have
  const [first] = SERVERS;
  const told: string[] = [];
  client.on("path", ({ address }, change) => told.push(`${address} ${change}`));
  const unreachable = becomes(client, first, "unreachable");
  relay.loses = ({ from, serverAddress }) => from === "client" && serverAddress === first;
  client.send("sent twice");
  await unreachable;
  const available = becomes(client, first, "available");
  relay.loses = () => false;
  await available;
  const primary = client.paths().filter(({ isPrimary }) => isPrimary).map(({ address }) => address);
  assert.equal(primary, [client.remoteAddress]);
  const way = await wayOf(pair, "client");
  await close();
  return { told, primary, way };
}

const SWITCHOVER =
  "kernel to userspace: primarySwitchover: the other path is the primary one from then on, for good";
if (missing) skip(SWITCHOVER, missing);
else {
  test(SWITCHOVER, async () => {
    const [first, second] = SERVERS;
    const [suspect, unreachable, available] = ["potentially-failed", "unreachable", "available"].map((
      change,
    ) => `${first} ${change}`);
    assert.equal(await recovered(1), {
      told: [suspect, `${second} primary`, unreachable, available],
      primary: [second],
      way: second,
    });
    assert.equal(await recovered(), {
      told: [suspect, unreachable, available],
      primary: [first],
      way: first,
    });
  });
}

testAcross(
  "addLocalAddress(), removeLocalAddress(): by signed ASCONFs that are acknowledged, and the other end follows",
  async (stack) => {
    const pair = await across(stack, { both: { sctp: { dynamicAddresses: true } } });
    const { client, peer, relay, close } = pair;
    const added = becomes(peer, CLIENTS[1], "added");
    client.addLocalAddress(CLIENTS[1]);
    await added;
    const [asconf] = relay.chunks("client", CHUNK.ASCONF) as [Chunk];
    assert.ok(asconf.bytes.includes(Buffer.from([ADDRESS_ADDED >> 8, ADDRESS_ADDED & 255])));
    assert.equal(asconf.packet.chunks.map(({ type }) => type), [CHUNK.AUTH, CHUNK.ASCONF]);
    await relay.until("server", CHUNK.ASCONF_ACK);
    const removed = becomes(peer, CLIENTS[0], "removed");
    client.removeLocalAddress(CLIENTS[0]);
    await removed;
    assert.equal([peer.remoteAddresses, client.localAddresses], [[CLIENTS[1]], [CLIENTS[1]]]);
    assert.is(await wayOf(pair, "server"), CLIENTS[1]);
    await close();
  },
);

test.run();
