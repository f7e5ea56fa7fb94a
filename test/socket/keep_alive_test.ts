/** setKeepAlive(), setNoDelay() and their options: heartbeats in place of TCP's keep-alive, Nagle's algorithm. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createSocket } from "node:dgram";
import { connect, type ConnectOptions, type Socket } from "netsctp";
import { stack } from "../helpers/capabilities.ts";
import { userspacePort } from "../helpers/encapsulation.ts";
import { closed, connectedPair, endpointOf, listening } from "../helpers/pair.ts";

test("both can be called while connecting, and are for chaining", async () => {
  const server = await listening();
  const client = connect(endpointOf(server));
  assert.is(client.setKeepAlive(true, 1000), client);
  assert.is(client.setKeepAlive(), client);
  assert.is(client.setNoDelay(), client);
  assert.is(client.setNoDelay(false), client);
  const [peer] = await once(server, "connection");
  peer.on("data", (message: Buffer) => peer.write(message));
  client.write("works");
  const [answer] = await once(client, "data");
  assert.is(answer.toString(), "works");
  for (const socket of [client, peer]) {
    assert.is(socket.setKeepAlive(true), socket);
    assert.is(socket.setKeepAlive(true, 500), socket);
    assert.is(socket.setKeepAlive(false), socket);
    assert.is(socket.setNoDelay(true), socket);
  }
  client.end();
  await once(client, "close");
  await closed(server);
});

test("the options of both ends", async () => {
  const options = { keepAlive: true, keepAliveInitialDelay: 700, noDelay: false };
  const { client, peer, close } = await connectedPair({ client: options, server: options });
  client.write("works");
  assert.is((await once(peer, "data"))[0].toString(), "works");
  await close();
});

test("a delay that is none leaves the interval as it is, as in net, and one beyond 4 hours is the longest", async () => {
  const { client, close } = await connectedPair();
  for (const delay of [-5, NaN, "x", null, 4 * 3600e3 + 1, 2 ** 40, {}]) {
    assert.is(client.setKeepAlive(true, delay as number), client);
    assert.is(client.setKeepAlive({ enable: true, initialDelay: delay as number }), client);
  }
  client.setKeepAlive({});
  await close();
});

// Connections on which nothing is said: what tells the one with frequent heartbeats from the others differs by stack.
const SILENT: Record<string, (client: Socket) => void> = {
  "often": (client) => client.setKeepAlive(true, 100),
  "never": (client) => client.setKeepAlive(true, 100).setKeepAlive(false),
  "often, by an object": (client) => client.setKeepAlive({ enable: true, initialDelay: 100 }),
  "never, by an object": (client) => client.setKeepAlive(true, 100).setKeepAlive({ enable: false }),
  "as the stack does": () => {},
};

async function silent(options: Partial<ConnectOptions> = {}) {
  const server = await listening();
  server.on("connection", (peer) => peer.resume());
  const clients: Record<string, Socket> = {};
  for (const [name, prepare] of Object.entries(SILENT)) {
    const client = clients[name] = connect({ ...endpointOf(server), ...options });
    prepare(client.resume());
    await once(client, "connect");
  }
  return {
    clients,
    async close() {
      for (const client of Object.values(clients)) client.end();
      await closed(server);
    },
  };
}

if (stack === "kernel") {
  test("heartbeats measure the path; where they are off, or rare, its initial RTO remains", async () => {
    const { clients, close } = await silent();
    const rtoOf = (name: string) => clients[name]!.peerInfoByAddress["127.0.0.1"]!.rto;
    const initial = rtoOf("never");
    for (const name of ["often", "often, by an object"]) {
      while (rtoOf(name) === initial) await new Promise((resolve) => setImmediate(resolve));
    }
    for (const name of ["never", "never, by an object", "as the stack does"]) assert.is(rtoOf(name), initial);
    await close();
  });
} else {
  test("heartbeats are sent as often as was said, and none where they are off", async () => {
    const relay = createSocket("udp4");
    const sources: number[] = []; // SCTP ports that HEARTBEAT chunks came from (RFC 9260 sections 3.1 and 3.3.5)
    let onHeartbeat = () => {};
    relay.on("message", (packet) => {
      relay.send(packet, userspacePort, "127.0.0.1"); // where both ends are
      if (packet[12] !== 4) return;
      sources.push(packet.readUInt16BE(0));
      onHeartbeat();
    });
    relay.bind(0, "127.0.0.1");
    await once(relay, "listening");
    const { clients, close } = await silent({ udpPort: relay.address().port });
    const count = (name: string) => sources.filter((port) => port === clients[name]!.localPort).length;
    await new Promise<void>((resolve) => {
      onHeartbeat = () => count("often") >= 2 && count("often, by an object") >= 2 && resolve();
    });
    for (const name of ["never", "never, by an object", "as the stack does"]) assert.is(count(name), 0);
    await close();
    relay.close();
  });
}

test.run();
