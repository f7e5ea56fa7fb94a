/** What a socket tells of itself through its life: state, counters, addresses, as `net` has them. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type Socket } from "netsctp";
import { payload, receive } from "../helpers/messages.ts";
import { closed, connectedPair, endpointOf, listening } from "../helpers/pair.ts";

const stateOf = ({ connecting, pending, readyState, destroyed }: Socket) => ({
  connecting,
  pending,
  readyState,
  destroyed,
});

const OPENING = { connecting: true, pending: true, readyState: "opening", destroyed: false };
const OPEN = { connecting: false, pending: false, readyState: "open", destroyed: false };
const READ_ONLY = { ...OPEN, readyState: "readOnly" };
const CLOSED = { connecting: false, pending: true, readyState: "closed", destroyed: true };

test("connecting, pending, readyState, from connect() to 'close'", async () => {
  const server = await listening();
  const client = connect(endpointOf(server));
  assert.equal(stateOf(client), OPENING);
  const atConnect = new Promise<unknown>((resolve) => client.on("connect", () => resolve(stateOf(client))));
  const [peer] = await once(server, "connection");
  assert.equal(stateOf(peer), OPEN);
  assert.equal(await atConnect, OPEN);
  client.end();
  assert.equal(stateOf(client), READ_ONLY);
  const atClose = new Promise<unknown>((resolve) => client.on("close", () => resolve(stateOf(client))));
  client.resume();
  peer.resume();
  assert.equal(await atClose, CLOSED);
  await closed(server);
  assert.equal(stateOf(peer), CLOSED);
});

test("the same when it is destroyed: at once", async () => {
  const { client, peer, close } = await connectedPair();
  peer.on("error", () => {});
  client.destroy();
  assert.equal(stateOf(client), CLOSED);
  await close();
  const server = await listening();
  server.on("connection", (one) => one.on("error", () => {}));
  const early = connect(endpointOf(server)).destroy();
  assert.equal(stateOf(early), CLOSED);
  await once(early, "close");
  await closed(server);
});

test("the events of a life, in net's order", async () => {
  const server = await listening();
  const events: string[] = [];
  const client = connect(endpointOf(server), () => events.push("listener"));
  for (const name of ["connectionAttempt", "connect", "ready", "data", "finish", "end", "close"]) {
    client.on(name, () => events.push(name));
  }
  const [peer] = await once(server, "connection");
  peer.end("only message");
  await once(client, "close");
  const expected = ["connectionAttempt", "listener", "connect", "ready", "data", "end", "finish", "close"];
  assert.equal(events, expected);
  await closed(server);
});

test("bytesWritten counts what was written, also before it is sent; bytesRead what came", async () => {
  const server = await listening();
  const client = connect(endpointOf(server));
  assert.equal([client.bytesWritten, client.bytesRead, client.bufferSize], [0, 0, 0]);
  client.write("hello");
  client.write("é"); // two bytes
  assert.equal([client.bytesWritten, client.bufferSize], [7, 7]);
  const [[peer]] = await Promise.all([once(server, "connection"), once(client, "connect")]);
  assert.is(client.bytesWritten, 7);
  await receive(peer, 2);
  assert.equal([client.bytesWritten, client.bufferSize], [7, 0]);
  assert.equal([peer.bytesRead, peer.bytesWritten], [7, 0]);
  await new Promise((resolve) => {
    client.write("abc", resolve);
    assert.is(client.bytesWritten, 10);
  });
  assert.equal([client.bytesWritten, client.bufferSize, client.writableLength], [10, 0, 0]);
  peer.write(payload(30_000));
  await receive(client, 1);
  assert.is(client.bytesRead, 30_000);
  client.end();
  await once(client, "close");
  assert.equal([client.bytesWritten, client.bytesRead, client.bufferSize], [10, 30_000, undefined]);
  await closed(server);
});

test("bytesWritten never counts a message twice, in whichever tick it is asked for", async () => {
  const { client, peer, close } = await connectedPair();
  peer.resume();
  const seen: number[] = [];
  const look = () => void seen.push(client.bytesWritten);
  client.write(payload(1000), look);
  look();
  process.nextTick(look);
  queueMicrotask(look);
  await new Promise((resolve) => setImmediate(resolve));
  look();
  assert.equal(seen, seen.map(() => 1000));
  await close();
});

test("bufferSize is what the stack has not taken yet", async () => {
  const { client, peer, close } = await connectedPair();
  peer.pause();
  const block = payload(60_000);
  while (client.write(block)) await new Promise((resolve) => setImmediate(resolve));
  const before = client.bytesWritten;
  assert.ok(client.bufferSize! >= client.writableHighWaterMark);
  assert.is(client.bufferSize, client.writableLength);
  peer.resume();
  await once(client, "drain");
  assert.is(client.bufferSize, 0);
  assert.is(client.bytesWritten, before);
  await close();
});

test("addresses: while connecting only what was asked for, both while open, the remote one afterwards", async () => {
  const server = await listening();
  const { port } = endpointOf(server);
  const client = connect({ port, host: "0:0:0:0:0:FFFF:7f00:1" });
  const asked = () => {
    assert.equal(client.address(), {});
    assert.equal([client.localAddress, client.localPort, client.localFamily], [
      undefined,
      undefined,
      undefined,
    ]);
    assert.equal(client.localAddresses, []);
    assert.equal([client.remoteAddress, client.remotePort, client.remoteFamily], ["127.0.0.1", port, "IPv4"]);
    assert.equal(client.remoteAddresses, ["127.0.0.1"]);
    assert.equal(client.peerInfoByAddress, { "127.0.0.1": undefined });
  };
  asked();
  await once(client, "connectionAttempt");
  asked();
  await once(client, "connect");
  assert.equal([client.remoteAddress, client.remotePort, client.remoteFamily], ["127.0.0.1", port, "IPv4"]);
  assert.equal(client.remoteAddresses, ["127.0.0.1"]);
  assert.is(client.localFamily, "IPv4");
  assert.ok(client.localAddresses.includes(client.localAddress!));
  assert.equal(client.address(), {
    address: client.localAddress,
    family: "IPv4",
    port: client.localPort,
  });
  assert.equal(Object.keys(client.peerInfoByAddress), ["127.0.0.1"]);
  client.resume().end();
  await once(client, "close");
  assert.equal([client.remoteAddress, client.remotePort, client.remoteFamily], ["127.0.0.1", port, "IPv4"]);
  await closed(server);
});

test("addresses: both are known after the close, also to those who did not ask before", async () => {
  for (const leave of ["end", "destroy"] as const) {
    const { server, client, peer } = await connectedPair({ client: { localAddress: "127.0.0.1" } });
    client.on("error", () => {});
    const isClosed = [client, peer].map((one) => new Promise((resolve) => one.resume().on("close", resolve)));
    peer[leave]();
    await Promise.all(isClosed);
    assert.equal([client.localAddress, client.localPort], [peer.remoteAddress, peer.remotePort]);
    assert.equal([client.remoteAddress, client.remotePort], [peer.localAddress, peer.localPort]);
    assert.equal(client.address(), { address: "127.0.0.1", family: "IPv4", port: peer.remotePort });
    assert.ok(client.localAddresses.includes("127.0.0.1"));
    await closed(server);
  }
});

test("a name has no address before it is looked up", async () => {
  const server = await listening();
  const client = connect({ port: endpointOf(server).port, host: "localhost", family: 4 });
  assert.equal([client.remoteAddress, client.remoteAddresses], [undefined, []]);
  await once(client, "connect");
  assert.is(client.remoteAddress, "127.0.0.1");
  client.resume().end();
  await once(client, "close");
  await closed(server);
});

test("a connection that could not be made has no local address", async () => {
  const keeper = await listening();
  const spare = await listening();
  const endpoint = endpointOf(spare);
  await closed(spare);
  const client = connect(endpoint);
  const [error] = await once(client, "error").catch((error) => [error]);
  assert.is(error.code, "ECONNREFUSED");
  assert.is(client.localAddress, undefined);
  assert.equal(client.address(), {});
  await closed(keeper);
});

test.run();
