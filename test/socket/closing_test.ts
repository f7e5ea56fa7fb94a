/** Every way to close, in every state: one 'close' that tells whether there was an error, and nothing left open. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, counters, type Server, type Socket } from "netsctp";
import { payload } from "../helpers/messages.ts";
import { closed, connectedPair, endpointOf, listening } from "../helpers/pair.ts";

/** 'error' as its code, 'close' with what it tells, and what else is asked for. */
function note(socket: Socket, ...others: string[]): string[] {
  const events: string[] = [];
  for (const name of others) socket.on(name, () => events.push(name));
  socket.on("error", (error: NodeJS.ErrnoException) => events.push(error.code ?? error.message));
  socket.on("close", (hadError: boolean) => events.push(`close ${hadError}`));
  return events;
}

/** Unlike once(), whatever error comes first. */
function whenClosed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.closed ? resolve() : socket.on("close", () => resolve()));
}

/** Writes until the stack takes no more. */
async function fill(socket: Socket): Promise<void> {
  const block = payload(60_000);
  while (socket.write(block)) await new Promise((resolve) => setImmediate(resolve));
}

/** Writes until the peer, which does not read, takes no more; the stack still does. */
async function closeWindow(socket: Socket, peer: Socket): Promise<void> {
  peer.pause();
  while (socket.status().peer.rwnd! > 2000) {
    await new Promise((resolve) => socket.write(payload(1400), resolve));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A socket in a state, and its peer if there is one already. */
type Made = { server: Server; client: Socket; peer?: Socket };

const STATES: Record<string, () => Promise<Made>> = {
  "just made": async () => {
    const server = await listening();
    return { server, client: connect(endpointOf(server)) };
  },
  "connecting": async () => {
    const server = await listening();
    const client = connect(endpointOf(server));
    await once(client, "connectionAttempt");
    return { server, client };
  },
  "connecting, with a message and end()": async () => {
    const server = await listening();
    const client = connect(endpointOf(server));
    client.end("waits");
    await once(client, "connectionAttempt");
    return { server, client };
  },
  "open": () => connectedPair(),
  "open, with messages that wait": async () => {
    const pair = await connectedPair();
    pair.peer.pause();
    await fill(pair.client);
    return pair;
  },
  "open, with messages that wait and end()": async () => {
    const pair = await connectedPair();
    pair.peer.pause();
    await fill(pair.client);
    pair.client.end();
    return pair;
  },
  "closing": async () => {
    const pair = await connectedPair();
    pair.client.end();
    await once(pair.client, "finish");
    return pair;
  },
  "after the peer's end, unread": async () => {
    const pair = await connectedPair();
    const readable = once(pair.client, "readable");
    pair.peer.end("last");
    await readable;
    return pair;
  },
  "closed": async () => {
    const pair = await connectedPair();
    for (const socket of [pair.client, pair.peer]) socket.resume();
    const over = once(pair.client, "close");
    pair.client.end();
    await over;
    return pair;
  },
};

const WAYS: Record<string, { close: (socket: Socket) => void; expected: string[] }> = {
  "destroy()": { close: (socket) => void socket.destroy(), expected: ["close false"] },
  "destroy(error)": {
    close: (socket) => void socket.destroy(new Error("mine")),
    expected: ["mine", "close true"],
  },
  "destroy() twice": {
    close: (socket) => void socket.destroy().destroy(new Error("too late")),
    expected: ["close false"],
  },
};

for (const [state, make] of Object.entries(STATES)) {
  for (const [name, { close, expected }] of Object.entries(WAYS)) {
    test(`${name}: ${state}`, async () => {
      const { server, client, peer } = await make();
      const onPeer = (one: Socket) => one.on("error", () => {}).resume();
      server.on("connection", onPeer);
      if (peer) onPeer(peer);
      const wasClosed = client.closed;
      const events = note(client);
      const over = whenClosed(client);
      close(client);
      assert.is(client.destroyed, true);
      await over;
      await closed(server); // and so is the peer
      assert.equal(events, wasClosed ? [] : expected);
      assert.equal([client.pending, client.connecting, client.readyState], [true, false, "closed"]);
      assert.is(counters().openHandles, 0);
    });
  }
}

test("a write that waits when its socket is destroyed gets its callback, before 'close'", async () => {
  const { client, peer, close } = await connectedPair();
  peer.on("error", () => {}).pause();
  await fill(client);
  const events = note(client);
  client.write("one more", (error) => events.push((error as NodeJS.ErrnoException).code!));
  client.destroy();
  await once(client, "close");
  assert.equal(events, ["ERR_STREAM_DESTROYED", "close false"]);
  await close();
});

test("each write's callback is called once, whatever became of it", async () => {
  const { client, peer, close } = await connectedPair();
  peer.on("error", () => {}).pause();
  let written = 0;
  let answered = 0;
  const block = payload(60_000);
  const isRoom = () => client.write(block, () => answered++);
  for (written = 1; isRoom(); written++) await new Promise((resolve) => setImmediate(resolve));
  client.destroy();
  await once(client, "close");
  assert.is(answered, written);
  await close();
});

test("destroySoon(): what was written arrives, then both are closed without an error", async () => {
  const { server, client, peer } = await connectedPair();
  const got: string[] = [];
  peer.on("data", (message) => got.push(message.toString()));
  const here = note(client, "finish");
  const there = note(peer, "end");
  for (let i = 0; i < 100; i++) client.write(`message ${i}`);
  client.destroySoon();
  await closed(server);
  await whenClosed(client);
  assert.is(got.length, 100);
  assert.equal(here, ["finish", "close false"]);
  assert.equal(there, ["end", "close false"]);
  assert.is(counters().openHandles, 0);
});

test("destroySoon() while connecting waits for the connection", async () => {
  const server = await listening();
  const client = connect(endpointOf(server));
  client.write("first and last");
  client.destroySoon();
  const [peer] = await once(server, "connection");
  const there = note(peer, "end");
  assert.is((await once(peer, "data"))[0].toString(), "first and last");
  await closed(server);
  assert.equal(there, ["end", "close false"]);
  await whenClosed(client);
});

test("destroySoon() after destroy() does nothing", async () => {
  const { client, peer, close } = await connectedPair();
  peer.on("error", () => {});
  const events = note(client);
  client.destroy();
  client.destroySoon();
  await once(client, "close");
  assert.equal(events, ["close false"]);
  await close();
});

test("end() and destroy() at once: what the stack has already taken arrives, then the end", async () => {
  const { server, client, peer } = await connectedPair();
  const got: string[] = [];
  peer.on("data", (message) => got.push(message.toString()));
  const there = note(peer, "end");
  client.end("last words");
  client.destroy();
  await closed(server);
  assert.equal(got, ["last words"]);
  assert.equal(there, ["end", "close false"]);
});

test("resetAndDestroy(): the peer gets ECONNRESET, this end no error", async () => {
  const { client, peer, close } = await connectedPair();
  const [here, there] = [note(client), note(peer)];
  const gone = Promise.all([whenClosed(client), whenClosed(peer)]);
  assert.is(client.resetAndDestroy(), client);
  await gone;
  assert.equal(here, ["close false"]);
  assert.equal(there, ["ECONNRESET", "close true"]);
  await close();
});

test("resetAndDestroy() while connecting: as soon as it is up", async () => {
  const server = await listening();
  const connection = once(server, "connection").then(([peer]) => note(peer));
  const client = connect(endpointOf(server));
  const here = note(client, "connect");
  client.resetAndDestroy();
  assert.is(client.destroyed, false);
  await once(client, "close");
  assert.equal(here, ["connect", "close false"]);
  const there = await connection;
  await closed(server);
  assert.equal(there, ["ECONNRESET", "close true"]);
  assert.is(counters().openHandles, 0);
});

for (const before of ["end()", "end() and destroy()"]) {
  test(`resetAndDestroy() after ${before} aborts at once`, async () => {
    const { server, client, peer } = await connectedPair();
    client.on("error", () => assert.unreachable("an abort of one's own is no error"));
    await closeWindow(client, peer);
    client.write(payload(20_000)); // for which SHUTDOWN has to wait
    client.end();
    await once(client, "finish");
    if (before !== "end()") client.destroy();
    const there = note(peer);
    const gone = once(client, "close");
    client.resetAndDestroy();
    await gone;
    peer.resume();
    await closed(server);
    assert.equal(there, ["ECONNRESET", "close true"]);
    assert.is(counters().openHandles, 0);
  });
}

test("resetAndDestroy() of a closed socket: neither an exception nor an event", async () => {
  const { client, peer, close } = await connectedPair();
  peer.on("error", () => {});
  client.destroy();
  await once(client, "close");
  const events = note(client);
  client.resetAndDestroy();
  await close();
  assert.equal(events, []);
});

test.run();
