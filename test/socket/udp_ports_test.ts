/** The UDP ports that SCTP in userspace travels in: any that is free, or fixed ones at either end. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, createServer, type Server, type Socket } from "netsctp";
import { freeUdpPort } from "../../tools/free_udp_port.ts";
import { skip, stack } from "../helpers/capabilities.ts";
import { closed, endpointOf } from "../helpers/pair.ts";

async function listeningAt(options: { udpPort?: number }): Promise<Server> {
  const server = createServer((socket) => {
    socket.on("error", () => {}).pipe(socket);
  }).listen({ port: 0, host: "127.0.0.1", ...options });
  await once(server, "listening");
  return server;
}

async function echoed(socket: Socket): Promise<void> {
  socket.write("there and back");
  const [answer] = await once(socket, "data");
  assert.is(String(answer), "there and back");
}

async function left(socket: Socket): Promise<void> {
  socket.end();
  await once(socket, "close");
}

test("udpPort and localUdpPort 0 are taken by every stack", async () => {
  const server = await listeningAt({ udpPort: 0 });
  const client = connect({ ...endpointOf(server), udpPort: server.udpPort, localUdpPort: 0 });
  await once(client, "connect");
  await echoed(client);
  await left(client);
  await closed(server);
  assert.is(server.udpPort, undefined);
});

if (stack === "kernel") {
  skip("UDP ports of one's own", "in the kernel the UDP port is the network namespace's");
} else {
  test("udpPort 0: a port that the server and both ends of the association tell", async () => {
    const server = await listeningAt({ udpPort: 0 });
    assert.ok(server.udpPort! > 0);
    const fixed = Number(process.env.NETSCTP_UDP_PORT);
    assert.is.not(server.udpPort, fixed);
    const client = connect({ ...endpointOf(server), udpPort: server.udpPort });
    const [[peer]] = await Promise.all([once(server, "connection"), once(client, "connect")]);
    assert.is(client.remoteUdpPort, server.udpPort);
    assert.is(peer.localUdpPort, server.udpPort);
    assert.is(peer.remoteUdpPort, client.localUdpPort);
    await echoed(client);
    await left(client);
    assert.is(client.localUdpPort, undefined);
    await closed(server);
  });

  test("udpPort 0 of a client: the peer is in this process", async () => {
    const server = await listeningAt({ udpPort: 0 });
    const client = connect({ ...endpointOf(server), udpPort: 0 });
    await once(client, "connect");
    await echoed(client);
    await left(client);
    await closed(server);
  });

  test("several servers of a process, each on a UDP port of its own", async () => {
    const ports = [0, await freeUdpPort(), await freeUdpPort()];
    const servers = await Promise.all(ports.map((udpPort) => listeningAt({ udpPort })));
    assert.equal(servers.slice(1).map(({ udpPort }) => udpPort), ports.slice(1));
    for (const server of servers) {
      const client = connect({ ...endpointOf(server), udpPort: server.udpPort, localUdpPort: 0 });
      await once(client, "connect");
      assert.is(client.remoteUdpPort, server.udpPort);
      await echoed(client);
      assert.is(client.remoteUdpPort, server.udpPort);
      await left(client);
    }
    await Promise.all(servers.map(closed));
  });

  test("localUdpPort: where a client's packets come from, whatever else the process does", async () => {
    const server = await listeningAt({ udpPort: 0 });
    const localUdpPort = await freeUdpPort();
    const to = { ...endpointOf(server), udpPort: server.udpPort };
    const [fixed, free] = [connect({ ...to, localUdpPort }), connect(to)];
    const peers = new Map<number, Socket>();
    server.on("connection", (peer) => peers.set(peer.remotePort!, peer));
    await Promise.all([once(fixed, "connect"), once(free, "connect")]);
    await Promise.all([echoed(fixed), echoed(free)]);
    assert.is(fixed.localUdpPort, localUdpPort);
    assert.is(peers.get(fixed.localPort!)!.remoteUdpPort, localUdpPort);
    assert.is.not(free.localUdpPort, localUdpPort);
    const usual = await listeningAt({}); // not on the client's
    assert.is.not(usual.udpPort, localUdpPort);
    await Promise.all([left(fixed), left(free)]);
    await Promise.all([closed(server), closed(usual)]);
  });

  test("a UDP port that another program has: EADDRINUSE, whose text says which", async () => {
    const other = createSocket("udp4");
    await new Promise<void>((resolve) => other.bind(0, () => resolve()));
    const { port } = other.address();
    const server = createServer().listen({ port: 0, host: "127.0.0.1", udpPort: port });
    const [listenError] = await once(server, "error").catch((error) => [error]);
    const client = connect({ host: "127.0.0.1", port, localUdpPort: port });
    const connectError = await new Promise<NodeJS.ErrnoException>((resolve) => client.on("error", resolve));
    for (const error of [listenError, connectError]) {
      assert.is(error.code, "EADDRINUSE");
      assert.match(error.message, new RegExp(`UDP port ${port}, .*udpPort`));
    }
    await new Promise<void>((resolve) => other.close(() => resolve()));
  });
}

test.run();
