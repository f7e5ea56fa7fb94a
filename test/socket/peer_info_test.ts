/** peerInfoByAddress: the state of the path to each address of the peer, as of now; and when to look. */
import { Buffer } from "node:buffer";
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, createServer, type Notification, type PeerInfo, type Socket } from "netsctp";
import { closed, connectedPair, endpointOf, listening, LOOPBACKS } from "../helpers/pair.ts";

const ACTIVE = 2, UNCONFIRMED = 3;

const byName = (a: string, b: string) => a < b ? -1 : 1;

for (const host of LOOPBACKS) {
  test(`${host}: the one path of each end`, async () => {
    const { client, peer, close } = await connectedPair({ host, client: { localAddress: host } });
    peer.resume();
    client.write("x"); // a round trip that can be measured
    await once(peer, "data");
    for (const socket of [client, peer]) {
      const info = socket.peerInfoByAddress;
      assert.equal(Object.keys(info), [host]);
      const { state, cwnd, srtt, rto, mtu, ...more } = info[host] as PeerInfo;
      assert.equal(more, {});
      assert.is(state, ACTIVE);
      assert.ok(mtu >= 1280 && mtu <= 65536, `mtu ${mtu}`);
      assert.ok(cwnd >= mtu / 2, `cwnd ${cwnd}`);
      assert.ok(Number.isInteger(srtt) && srtt >= 0 && srtt < 60_000, `srtt ${srtt}`);
      assert.ok(rto >= 200 && rto <= 60_000, `rto ${rto}`); // within RTO.Min and RTO.Max, whatever they are set to
    }
    await close();
  });
}

test("it is as of now: sending opens the congestion window", async () => {
  const { client, peer, close } = await connectedPair({ client: { localAddress: "127.0.0.1" } });
  peer.resume();
  const before = client.peerInfoByAddress["127.0.0.1"]!;
  client.write(Buffer.alloc(900_000)); // more than the window takes at once
  await once(peer, "data");
  assert.ok(client.peerInfoByAddress["127.0.0.1"]!.cwnd > before.cwnd);
  await close();
});

test("several paths: one entry for each of remoteAddresses, unconfirmed until the peer has answered there", async () => {
  const addresses = ["127.0.0.1", "127.0.0.2"];
  const server = createServer().listen({ localAddresses: addresses });
  await once(server, "listening");
  const statesAtFirst: Array<number | undefined> = [];
  server.on("connection", (socket: Socket) => {
    statesAtFirst.push(...addresses.map((address) => socket.peerInfoByAddress[address]?.state));
  });
  const { port } = server.address()!;
  const client = connect({ port, remoteAddresses: addresses, localAddresses: addresses });
  const [peer] = await once(server, "connection") as [Socket];
  assert.is(statesAtFirst[1], UNCONFIRMED);
  const updates: Array<string[]> = [];
  const confirmed = new Promise<void>((resolve) =>
    peer.on("peer-info-update", () => {
      const info = peer.peerInfoByAddress;
      updates.push(Object.keys(info).sort(byName));
      if (addresses.every((address) => info[address]?.state === ACTIVE)) resolve();
    })
  );
  await confirmed;
  assert.ok(updates.every((keys) => keys.join() === addresses.join()));
  assert.equal(Object.keys(client.peerInfoByAddress), client.remoteAddresses);
  client.end();
  await once(client.resume(), "close");
  await closed(server);
});

test("'peer-info-update' comes with 'connect', when the paths are known, and once for each change", async () => {
  const server = await listening();
  const client = connect({ ...endpointOf(server), localAddress: "127.0.0.1" });
  const events: string[] = [];
  client.on("connect", () => events.push("connect"));
  client.on("notification", (one: Notification) => {
    const { type } = one.parsed;
    if (type === "path-change" || type === "association-change") events.push(type);
  });
  client.on("peer-info-update", () => {
    events.push(`update ${client.peerInfoByAddress["127.0.0.1"]?.state}`);
  });
  client.on("address-change", () => events.push("address-change"));
  const [peer] = await once(server, "connection") as [Socket];
  peer.resume();
  client.write("x");
  await once(peer, "data");
  assert.equal(events.slice(0, 3), ["connect", "association-change", `update ${ACTIVE}`]);
  client.end();
  await once(client.resume(), "close");
  const changes = events.filter((event) => event === "path-change").length;
  assert.is(events.filter((event) => event.startsWith("update")).length, 1 + changes);
  assert.not.ok(events.includes("address-change"));
  await closed(server);
});

test("while connecting and after the end: the addresses, and nothing of them", async () => {
  const server = await listening();
  const client = connect({ port: endpointOf(server).port, remoteAddresses: ["127.0.0.1"] });
  assert.equal(client.peerInfoByAddress, { "127.0.0.1": undefined });
  await once(client, "connect");
  client.end();
  await once(client.resume(), "end");
  assert.equal(client.peerInfoByAddress, { "127.0.0.1": undefined });
  await closed(server);
  assert.equal(client.peerInfoByAddress, { "127.0.0.1": undefined });
});

test.run();
