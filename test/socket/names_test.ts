/** What classes and functions are called, also in the package that is bundled; and whose socket it is. */
import { inspect } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import * as netsctp from "netsctp";
import { connectedPair } from "../helpers/pair.ts";

const { createServer, Server, Socket } = netsctp;

test("each export has its own name, as net's have", () => {
  for (const [name, value] of Object.entries(netsctp)) {
    if (typeof value !== "function") continue;
    assert.is(value.name, name === "createConnection" ? "connect" : name);
  }
  for (const [name, value] of Object.entries(netsctp.default)) {
    assert.is(value.name, name === "createConnection" ? "connect" : name);
  }
});

test("so have the classes below them, and what is made of them", async () => {
  assert.is(Object.getPrototypeOf(Server).name, "BaseServer");
  assert.is(Object.getPrototypeOf(Socket).name, "NetSocket");
  const { server, client, peer, close } = await connectedPair();
  for (const one of [server, createServer(), new Server()]) {
    assert.is(one.constructor.name, "Server");
    assert.match(inspect(one, { depth: 0 }), /^Server/);
  }
  for (const one of [client, peer]) {
    assert.is(one.constructor.name, "Socket");
    assert.match(inspect(one, { depth: 0 }), /^Socket/);
  }
  await close();
});

test("socket.server is the server that accepted it, and null at the end that connected", async () => {
  const { server, client, peer, close } = await connectedPair();
  assert.is(peer.server, server);
  assert.is(client.server, null);
  for (const socket of [client, peer]) assert.ok(Object.hasOwn(socket, "server")); // as net's
  await close();
  assert.is(peer.server, server);
});

test.run();
