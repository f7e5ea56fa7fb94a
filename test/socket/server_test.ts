/** The server's own contract: address, listening, close, many peers. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, createServer, Server, Socket, stackInfo } from "netsctp";
import { stack } from "../helpers/capabilities.ts";
import { receive } from "../helpers/messages.ts";
import { closed, endpointOf, listening } from "../helpers/pair.ts";

test("address() tells what was bound, and null before and after", async () => {
  const server = createServer();
  assert.is(server.address(), null);
  server.listen({ host: "127.0.0.1", port: 0 });
  await once(server, "listening");
  const { address, family, port } = server.address()!;
  assert.equal([address, family], ["127.0.0.1", "IPv4"]);
  assert.ok(port > 0);
  await closed(server);
  assert.is(server.address(), null);
});

test("without a host it listens on IPv6 and IPv4, and shows IPv4 peers as such", async () => {
  const server = createServer().listen(0);
  await once(server, "listening");
  assert.equal([server.address()!.address, server.address()!.family], ["::", "IPv6"]);
  for (const [host, family] of [["127.0.0.1", "IPv4"], ["::1", "IPv6"]] as const) {
    const client = connect(server.address()!.port, host);
    const [peer] = await once(server, "connection");
    assert.is(peer.remoteAddress, host);
    assert.is(peer.remoteFamily, family);
    client.end();
    await once(client.resume(), "close");
  }
  await closed(server);
});

test("each end knows both addresses", async () => {
  const server = await listening();
  const client = connect({ ...endpointOf(server), localAddress: "127.0.0.1" });
  const [[peer]] = await Promise.all([once(server, "connection"), once(client, "connect")]);
  assert.is(client.remotePort, server.address()!.port);
  assert.is(client.remoteAddress, "127.0.0.1");
  assert.is(client.localPort, peer.remotePort);
  assert.is(client.localAddress, "127.0.0.1");
  assert.is(peer.localPort, server.address()!.port);
  assert.equal(client.address(), { address: "127.0.0.1", family: "IPv4", port: peer.remotePort });
  client.end();
  await once(client.resume(), "close");
  await closed(server);
});

test("localPort chooses the port", async () => {
  const server = await listening();
  const spare = await listening();
  const { port } = endpointOf(spare);
  await closed(spare);
  const client = connect({ ...endpointOf(server), localPort: port });
  const [peer] = await once(server, "connection");
  assert.is(peer.remotePort, port);
  client.end();
  await once(client.resume(), "close");
  await closed(server);
});

test("50 peers at once, each with its own answer", async () => {
  const server = await listening();
  server.on("connection", (peer) => peer.on("data", (message: Buffer) => peer.end(message)));
  const answers = await Promise.all([...Array(50).keys()].map(async (i) => {
    const client = connect(endpointOf(server));
    client.write(`peer ${i}`);
    const [answer] = await receive(client, 1);
    return answer!.toString();
  }));
  assert.equal(answers, [...Array(50).keys()].map((i) => `peer ${i}`));
  await closed(server);
});

test("close() waits for connections, and refuses new ones at once", async () => {
  const server = await listening();
  const endpoint = endpointOf(server);
  const client = connect(endpoint);
  await once(server, "connection");
  let isClosed = false;
  const done = closed(server).then(() => isClosed = true);
  assert.is(server.listening, false);
  const late = connect(endpoint);
  const error = await new Promise<NodeJS.ErrnoException>((resolve) => late.on("error", resolve));
  assert.is(error.code, "ECONNREFUSED");
  assert.is(isClosed, false);
  client.end();
  client.resume();
  await done;
});

test("close() of a server that does not listen: ERR_SERVER_NOT_RUNNING", async () => {
  const error = await new Promise<NodeJS.ErrnoException>((resolve) =>
    createServer().close(resolve as () => void)
  );
  assert.is(error.code, "ERR_SERVER_NOT_RUNNING");
});

test("listen() twice throws, listen() after close() works", async () => {
  const server = await listening();
  assert.throws(
    () => server.listen(0),
    (error: NodeJS.ErrnoException) => error.code === "ERR_SERVER_ALREADY_LISTEN",
  );
  await closed(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  await closed(server);
});

test("Server and Socket are for instanceof; both tell the stack that serves", async () => {
  const server = await listening();
  const client = connect(endpointOf(server));
  const [peer] = await once(server, "connection");
  assert.instance(server, Server);
  assert.instance(peer, Socket);
  assert.equal([server.stack, client.stack, stackInfo().stack], [stack, stack, stack]);
  client.end();
  await once(client.resume(), "close");
  await closed(server);
});

test.run();
