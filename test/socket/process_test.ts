/** What the process sees: an unref'd socket lets it end, a handler's exception reaches it. */
import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { once } from "node:events";
import { connect } from "netsctp";
import { closed, connectedPair, endpointOf, listening } from "../helpers/pair.ts";

test("an exception in a 'data' handler is an uncaught exception, and loses no message", async () => {
  const { client, peer, close } = await connectedPair();
  const got: string[] = [];
  peer.on("data", (message) => {
    got.push(message.toString());
    if (got.length === 1) throw new Error("from the handler");
  });
  const caught = once(process, "uncaughtException");
  client.write("one");
  client.write("two");
  const [error] = await caught;
  assert.is(error.message, "from the handler");
  if (got.length < 2) await once(peer, "data");
  assert.equal(got, ["one", "two"]);
  await close();
});

test("an exception in a 'connection' handler loses none of the others that were accepted with it", async () => {
  const server = await listening();
  let connections = 0;
  server.on("connection", (peer) => {
    peer.resume();
    if (++connections === 1) throw new Error("from the first");
  });
  const caught = once(process, "uncaughtException");
  const clients = Array.from({ length: 20 }, () => connect(endpointOf(server)));
  await Promise.all(clients.map((client) => once(client, "connect")));
  assert.is((await caught)[0].message, "from the first");
  for (const client of clients) client.resume().end();
  await closed(server); // which waits for each connection that was accepted
  assert.is(connections, 20);
});

test("an exception in a 'connect' handler keeps neither a waiting message nor end() back", async () => {
  const server = await listening();
  const connection = once(server, "connection");
  const caught = once(process, "uncaughtException");
  const client = connect(endpointOf(server), () => {
    throw new Error("from the listener");
  });
  client.end("waits");
  const ended = once(client.resume(), "close");
  const [peer] = await connection;
  const [received] = await once(peer, "data");
  assert.is(received.toString(), "waits");
  assert.is((await caught)[0].message, "from the listener");
  await ended;
  await closed(server);
});

// The last test: what it leaves open must not keep this process from ending, which the runner watches.
test("an unref'd server and an unref'd connection do not keep the process alive", async () => {
  const { server, client, peer } = await connectedPair();
  for (const open of [server, client, peer]) open.unref();
});

test.run();
