/** write() as net has it: callbacks, cork, 'drain', what comes after end(); and an empty write, which sends nothing. */
import { Buffer } from "node:buffer";
import { once } from "node:events";
import { Duplex } from "node:stream";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect } from "netsctp";
import { message, payload, receive } from "../helpers/messages.ts";
import { closed, connectedPair, endpointOf, listening } from "../helpers/pair.ts";

test("an empty write calls back, sends nothing and keeps the order", async () => {
  const { server, client, peer } = await connectedPair();
  const called: string[] = [];
  const received: string[] = [];
  peer.on("data", (got) => received.push(got.toString()));
  const note = (name: string) => (error?: Error | null) => called.push(error ? error.message : name);
  client.write("", note("empty text"));
  client.write("one", note("one"));
  client.write(Buffer.alloc(0), note("empty"));
  client.write(new Uint8Array(0), note("empty too"));
  client.write(message("two", 0, 2), note("two"));
  client.end("", note("end"));
  await once(peer, "end");
  assert.equal(received, ["one", "two"]);
  assert.equal(called, ["empty text", "one", "empty", "empty too", "two", "end"]);
  await closed(server);
});

test("1 byte and 1 MB messages go both ways at once", async () => {
  const { client, peer, close } = await connectedPair();
  const sizes = [1, 2 ** 20, 1, 1, 2 ** 20, 1];
  const ends = [client, peer].map(async (socket, seed) => {
    const received = receive(socket, sizes.length);
    for (const [i, size] of sizes.entries()) socket.write(message(payload(size, i + seed * 100), i % 2, i));
    for (const got of await received) {
      assert.ok(got.equals(payload(sizes[got.ppid]!, got.ppid + (1 - seed) * 100)), `message ${got.ppid}`);
      assert.is(got.sid, got.ppid % 2);
    }
  });
  await Promise.all(ends);
  await close();
});

test("what is written while corked leaves at uncork(), each with the properties it had at write()", async () => {
  const { client, peer, close } = await connectedPair();
  const received = receive(peer, 3);
  client.cork();
  const data = message("same Buffer", 1, 11);
  for (let i = 1; i <= 3; i++) {
    [data.sid, data.ppid] = [i, i * 11];
    client.write(data);
  }
  [data.sid, data.ppid] = [9, 99];
  assert.is(client.writableLength, 3 * data.length);
  assert.is(client.bytesWritten, 3 * data.length);
  client.uncork();
  const got = (await received).map(({ sid, ppid }) => [sid, ppid]).sort();
  assert.equal(got, [[1, 11], [2, 22], [3, 33]]);
  await close();
});

test("callbacks come in the order of the writes, whatever their sizes, also of those written while connecting", async () => {
  const server = await listening();
  server.on("connection", (peer) => peer.resume());
  const client = connect(endpointOf(server));
  const sizes = [1, 100_000, 0, 300, 40_000, 7];
  const called: number[] = [];
  for (const [i, size] of sizes.entries()) client.write(payload(size), () => called.push(i));
  client.end(() => called.push(sizes.length));
  await once(client.resume(), "close");
  assert.equal(called, [0, 1, 2, 3, 4, 5, 6]);
  await closed(server);
});

test("write() after end() fails with ERR_STREAM_WRITE_AFTER_END, in its callback and as 'error'", async () => {
  const { client, peer, close } = await connectedPair();
  peer.on("error", () => {}).resume(); // the error destroys the client, and that aborts
  const failed = new Promise<NodeJS.ErrnoException>((resolve) => client.on("error", resolve));
  client.end("last");
  const inCallback = new Promise<NodeJS.ErrnoException>((resolve) =>
    client.write("late", (error) => resolve(error as NodeJS.ErrnoException))
  );
  assert.is((await inCallback).code, "ERR_STREAM_WRITE_AFTER_END");
  assert.is((await failed).code, "ERR_STREAM_WRITE_AFTER_END");
  await close();
});

test("write() is false from highWaterMark on, and 'drain' comes once all has been taken", async () => {
  const { client, peer, close } = await connectedPair({ client: { highWaterMark: 1000 } });
  peer.resume();
  assert.is(client.writableHighWaterMark, 1000);
  client.cork();
  assert.is(client.write(payload(999)), true);
  assert.is(client.writableNeedDrain, false);
  assert.is(client.write(payload(1)), false);
  assert.is(client.writableNeedDrain, true);
  const drained = once(client, "drain");
  client.uncork();
  await drained;
  assert.is(client.writableLength, 0);
  await close();
});

test("Duplex.toWeb: what is written to it is sent, message by message, and close() is end()", async () => {
  const { server, client, peer } = await connectedPair();
  const received: Array<[string, number, number]> = [];
  peer.on("data", (got) => received.push([got.toString(), got.sid, got.ppid]));
  const writer = Duplex.toWeb(client).writable.getWriter();
  await writer.write(message("one", 0, 7));
  await writer.write(new TextEncoder().encode("two"));
  const ended = once(peer, "end");
  await writer.close();
  await ended;
  assert.equal(received, [["one", 0, 7], ["two", 0, 0]]);
  await closed(server);
});

test.run();
