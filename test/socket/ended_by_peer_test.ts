/** Writes after the peer's end: EPIPE as net has it, never "write after end" where this side did not call end(). */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type Socket } from "netsctp";
import { closed, connectedPair, endpointOf, listening } from "../helpers/pair.ts";

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** When to write, after the peer has called end(). */
const MOMENTS: Record<string, (socket: Socket) => Promise<unknown>> = {
  "at 'end'": (socket) => once(socket, "end"),
  "a turn after 'end'": (socket) => once(socket, "end").then(turn),
  "at 'finish'": (socket) => once(socket, "finish"),
  "at 'close'": (socket) => once(socket, "close"),
  "a turn after 'close'": (socket) => once(socket, "close").then(turn),
};

type Done = (error?: Error | null) => void;

const WRITES: Record<string, (socket: Socket, done: Done) => void> = {
  "write()": (socket, done) => assert.is(socket.write("late", done), false),
  "write() with an encoding": (socket, done) => assert.is(socket.write("late", "latin1", done), false),
  "write() of nothing": (socket, done) => assert.is(socket.write("", done), false),
  "write(null)": (socket, done) => assert.is(socket.write(null as never, done), false),
  "write() of nonsense": (socket, done) => assert.is(socket.write(5 as never, done), false),
  "corked write()": (socket, done) => {
    socket.cork();
    socket.write("late", done);
    socket.uncork();
  },
  "end(data)": (socket, done) => assert.is(socket.end("late", done), socket),
};

for (const [moment, comes] of Object.entries(MOMENTS)) {
  for (const [name, write] of Object.entries(WRITES)) {
    test(`${name} ${moment} of the peer's: EPIPE`, async () => {
      const { server, client, peer } = await connectedPair();
      client.on("error", (error: NodeJS.ErrnoException) => assert.is(error.code, "EPIPE"));
      const isThere = comes(client.resume());
      peer.resume().end();
      await isThere;
      const [first, second] = await Promise.all(
        [1, 2].map(() => new Promise<NodeJS.ErrnoException>((resolve) => write(client, resolve as Done))),
      );
      for (const { code, message } of [first!, second!]) {
        assert.equal([code, message], ["EPIPE", "This socket has been ended by the other party"]);
      }
      await closed(server);
    });
  }
}

test("each callback of what waits behind a blocked write comes once, also where one ends the socket", async () => {
  const { server, client, peer } = await connectedPair({ server: { pauseOnConnect: true } });
  client.on("error", (error: NodeJS.ErrnoException) => assert.is(error.code, "EPIPE"));
  const block = Buffer.alloc(20_000);
  for (let i = 0; i < 400; i++) client.write(block); // more than both ends hold
  await turn();
  const calls = [0, 0, 0];
  calls.forEach((_, i) =>
    client.write(block, () => {
      if (++calls[i]! === 1) client.end();
    })
  );
  const isClosed = new Promise((resolve) => client.on("close", resolve));
  peer.end();
  peer.resume();
  await isClosed;
  await turn();
  assert.equal(calls, [1, 1, 1]);
  await closed(server);
});

test("in the listener of 'end', and with allowHalfOpen set on the socket: EPIPE of the stack, and then 'close'", async () => {
  for (const allowHalfOpen of [false, true]) {
    const { server, client, peer } = await connectedPair();
    client.allowHalfOpen = allowHalfOpen;
    const failed = new Promise<NodeJS.ErrnoException>((resolve) => client.on("error", resolve));
    const inCallback = new Promise<NodeJS.ErrnoException>((resolve) => {
      client.on("end", () => client.write("late", resolve as Done));
    });
    client.resume();
    peer.resume().end();
    assert.is((await inCallback).code, "EPIPE");
    assert.is((await failed).code, "EPIPE");
    await closed(server);
  }
});

test("with allowHalfOpen set, a write long after 'end' is EPIPE; after an end() of its own it is a write after end", async () => {
  const { server, client, peer } = await connectedPair();
  client.allowHalfOpen = true;
  peer.resume().end();
  await once(client.resume(), "end");
  await turn();
  assert.is(client.writableEnded, false);
  const failed = new Promise<NodeJS.ErrnoException>((resolve) => client.on("error", resolve));
  client.write("late");
  assert.is((await failed).code, "EPIPE");
  await closed(server);

  const other = await connectedPair();
  other.client.allowHalfOpen = true;
  other.peer.resume().end();
  await once(other.client.resume(), "end");
  other.client.on("error", () => {}).end();
  const error = await new Promise<NodeJS.ErrnoException>((resolve) =>
    other.client.write("late", resolve as Done)
  );
  assert.is(error.code, "ERR_STREAM_WRITE_AFTER_END");
  await closed(other.server);
});

const WAITING: Record<string, (socket: Socket, done: Done) => void> = {
  "a write": (socket, done) => void socket.write("waits", done),
  "the second of two writes": (socket, done) => void (socket.write("first"), socket.write("waits", done)),
  "end(data)": (socket, done) => void socket.end("waits", done),
  "a write before end()": (socket, done) => void (socket.write("waits", done), socket.end()),
};

for (const [name, write] of Object.entries(WAITING)) {
  test(`${name} that waits when the socket is destroyed before it connected: ERR_SOCKET_CLOSED_BEFORE_CONNECTION`, async () => {
    const server = await listening();
    server.on("connection", (peer) => peer.on("error", () => {}));
    for (const isUnderWay of [false, true]) {
      const client = connect(endpointOf(server));
      const failed = new Promise<NodeJS.ErrnoException>((resolve) => write(client, resolve as Done));
      if (isUnderWay) await once(client, "connectionAttempt");
      client.destroy();
      const { code, message } = await failed;
      assert.is(code, "ERR_SOCKET_CLOSED_BEFORE_CONNECTION");
      assert.is(message, "Socket closed before the connection was established");
    }
    await closed(server);
  });
}

test("so it is where the connection failed, or destroy() was given an error: that is the socket's, not the write's", async () => {
  const keeper = await listening();
  const gone = await listening();
  const endpoint = endpointOf(gone);
  await closed(gone);
  for (const destroy of [false, true]) {
    const client = connect(endpoint);
    const failed = new Promise<NodeJS.ErrnoException>((resolve) => client.on("error", resolve));
    const written = new Promise<NodeJS.ErrnoException>((resolve) => client.write("waits", resolve as Done));
    if (destroy) client.destroy(Object.assign(new Error("mine"), { code: "MINE" }));
    assert.is((await written).code, "ERR_SOCKET_CLOSED_BEFORE_CONNECTION");
    assert.is((await failed).code, destroy ? "MINE" : "ECONNREFUSED");
  }
  await closed(keeper);
});

test("end(data) after destroy(): the callback has the error", async () => {
  const { client, peer, close } = await connectedPair();
  peer.on("error", () => {});
  client.destroy();
  const error = await new Promise<NodeJS.ErrnoException>((resolve) => client.end("late", resolve as Done));
  assert.is(error.code, "ERR_STREAM_DESTROYED");
  await close();
});

test.run();
