/** Events come in net's order, and end() loses nothing. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type Socket } from "netsctp";
import { payload } from "../helpers/messages.ts";
import { closed, connectedPair, endpointOf, listening } from "../helpers/pair.ts";

function record(socket: Socket, into: string[]): void {
  for (const name of ["connect", "ready", "data", "end", "finish", "error", "close"]) {
    socket.on(name, () => into.at(-1) === name || into.push(name));
  }
}

test("a client's life: connect, ready, data, end, close", async () => {
  const server = await listening();
  server.on("connection", (peer) => peer.end("bye"));
  const client = connect(endpointOf(server));
  const events: string[] = [];
  record(client, events);
  assert.is(client.connecting, true);
  assert.is(client.readyState, "opening");
  const [hadError] = await once(client, "close");
  assert.is(hadError, false);
  assert.equal(events.filter((name) => name !== "finish"), ["connect", "ready", "data", "end", "close"]);
  assert.is(client.readyState, "closed");
  await closed(server);
});

test("listen and connect call back only after they have returned", async () => {
  const server = await listening();
  let returned = false;
  const connected = new Promise<boolean>((resolve) => {
    const client = connect(endpointOf(server), () => {
      resolve(returned);
      client.end();
    });
  });
  returned = true;
  assert.is(await connected, true);
  await closed(server);
});

test("everything written before end() arrives before 'end'", async () => {
  const { client, peer, close } = await connectedPair();
  const count = 300;
  let received = 0;
  peer.on("data", () => received++);
  for (let i = 0; i < count; i++) client.write(payload(2000, i));
  client.end();
  await once(peer, "end");
  assert.is(received, count);
  await close();
});

test("both ends may end at once", async () => {
  const { server, client, peer } = await connectedPair();
  for (const socket of [client, peer]) {
    socket.resume();
    socket.end();
  }
  const [[first], [second]] = await Promise.all([once(client, "close"), once(peer, "close")]);
  assert.equal([first, second], [false, false]);
  await closed(server);
});

test("end() before the association is up sends what was written, then closes in order", async () => {
  const server = await listening();
  const got: string[] = [];
  server.on("connection", (peer) => peer.on("data", (message: Buffer) => got.push(message.toString())));
  const client = connect(endpointOf(server));
  client.write("first");
  client.end("second");
  const [hadError] = await once(client.resume(), "close");
  assert.is(hadError, false);
  await closed(server);
  assert.equal(got, ["first", "second"]);
});

test("'end' comes although nobody reads, when there is nothing to read", async () => {
  const { server, client, peer } = await connectedPair();
  peer.pause();
  const ended = once(peer, "close");
  client.end();
  peer.resume();
  await ended;
  await closed(server);
});

test.run();
