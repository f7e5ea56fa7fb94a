/** blockList, of connect() and of createServer(). */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { BlockList, connect, counters, createServer, type Socket } from "netsctp";
import { closed, endpointOf, listening, LOOPBACKS } from "../helpers/pair.ts";

function blocking(...addresses: string[]): BlockList {
  const list = new BlockList();
  for (const address of addresses) list.addAddress(address, address.includes(":") ? "ipv6" : "ipv4");
  return list;
}

function failure(socket: Socket): Promise<NodeJS.ErrnoException> {
  return new Promise((resolve, reject) => {
    let found: NodeJS.ErrnoException;
    socket.on("error", (error) => found = error);
    socket.on("connect", () => reject(new Error("it connected")));
    socket.on("close", () => resolve(found));
  });
}

for (const host of LOOPBACKS) {
  test(`connect: ${host} is blocked: ERR_IP_BLOCKED, and nothing is sent`, async () => {
    const server = await listening({}, host);
    server.on("connection", () => assert.unreachable("it is blocked"));
    const socket = connect({ ...endpointOf(server), blockList: blocking(host) });
    const events: string[] = [];
    for (const event of ["connectionAttempt", "connectionAttemptFailed"] as const) {
      socket.on(event, () => events.push(event));
    }
    const { code, message } = await failure(socket);
    assert.equal(events, ["connectionAttempt"]); // as net has it where there is one address
    assert.is(code, "ERR_IP_BLOCKED");
    assert.match(message, host);
    assert.is(counters().openHandles, 1); // the server's
    await closed(server);
  });
}

test("connect: an IPv4 address is blocked in its IPv6 form, too", async () => {
  const server = await listening();
  const { port } = endpointOf(server);
  const options = { port, host: "::ffff:127.0.0.1", blockList: blocking("127.0.0.1") };
  assert.is((await failure(connect(options))).code, "ERR_IP_BLOCKED");
  await closed(server);
});

test("connect: one of a name's addresses is blocked, another one serves", async () => {
  const server = await listening();
  const { port } = endpointOf(server);
  const socket = connect({
    port,
    host: "peer.test",
    lookup: (_host, _options, callback) =>
      callback(null, [{ address: "::1", family: 6 }, { address: "127.0.0.1", family: 4 }]),
    blockList: blocking("::1"),
  });
  const failed = once(socket, "connectionAttemptFailed");
  await once(socket, "connect");
  const [address, , family, error] = await failed;
  assert.equal([address, family, error.code], ["::1", 6, "ERR_IP_BLOCKED"]);
  socket.resume().end();
  await once(socket, "close");
  await closed(server);
});

test("connect: of one peer's addresses none may be blocked", async () => {
  const server = await listening();
  const { port } = endpointOf(server);
  const options = { port, remoteAddresses: ["127.0.0.1", "127.0.0.2"], blockList: blocking("127.0.0.2") };
  assert.is((await failure(connect(options))).code, "ERR_IP_BLOCKED");
  await closed(server);
});

for (const [host, remote] of [["127.0.0.1", "127.0.0.1"], ["::1", "::1"], ["::", "127.0.0.1"]] as const) {
  test(`createServer on ${host}: a blocked peer, ${remote}, is aborted, and nobody sees it`, async () => {
    const server = createServer({ blockList: blocking(remote) }, () => assert.unreachable("it is blocked"));
    server.on("drop", () => assert.unreachable("drop is for maxConnections"));
    server.listen({ host });
    await once(server, "listening");
    const socket = connect({ host: remote, port: server.address()!.port });
    const code = await new Promise((resolve) =>
      socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code))
    );
    assert.is(code, "ECONNRESET");
    await closed(server);
    assert.is(counters().openHandles, 0);
  });
}

test("createServer: others are let in", async () => {
  const server = createServer({ blockList: blocking("127.0.0.2") });
  server.listen({ host: "127.0.0.1" });
  await once(server, "listening");
  const socket = connect(endpointOf(server));
  await once(server, "connection");
  socket.resume().end();
  await once(socket, "close");
  await closed(server);
});

test.run();
