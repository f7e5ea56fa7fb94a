/** Whichever way it is read: one chunk is one message, with its stream and identifier. */
import { Buffer } from "node:buffer";
import { once } from "node:events";
import { Duplex, PassThrough, Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Message, Socket } from "netsctp";
import { message, receive } from "../helpers/messages.ts";
import { connectedPair } from "../helpers/pair.ts";

const COUNT = 20;

const WAYS: Record<string, (socket: Socket) => Promise<Message[]>> = {
  "'data'": (socket) => receive(socket, COUNT),
  "read()": async (socket) => {
    const messages: Message[] = [];
    while (messages.length < COUNT) {
      const next = socket.read();
      if (next === null) await once(socket, "readable");
      else messages.push(next);
    }
    return messages;
  },
  "for await": async (socket) => {
    const messages: Message[] = [];
    for await (const next of socket) messages.push(next);
    return messages;
  },
  "pipe": async (socket) => {
    const messages: Message[] = [];
    const sink = new PassThrough({ objectMode: true });
    sink.on("data", (next) => messages.push(next));
    socket.pipe(sink);
    await once(sink, "end");
    return messages;
  },
  "pipeline": async (socket) => {
    const messages: Message[] = [];
    const write = (next: Message, _: string, callback: () => void) => {
      messages.push(next);
      callback();
    };
    await pipeline(socket, new Writable({ objectMode: true, write }));
    return messages;
  },
  "map": (socket) => socket.map((next: Message) => next).toArray(),
  "Readable.toWeb": (socket) => collect(Readable.toWeb(socket)),
  "Duplex.toWeb": (socket) => collect(Duplex.toWeb(socket).readable),
};

async function collect(stream: AsyncIterable<Message> | object): Promise<Message[]> {
  const messages: Message[] = [];
  for await (const next of stream as AsyncIterable<Message>) messages.push(next);
  return messages;
}

for (const [name, read] of Object.entries(WAYS)) {
  test(`${name} keeps messages apart, also when many wait`, async () => {
    const { client, peer, close } = await connectedPair();
    for (let i = 0; i < COUNT; i++) client.write(message(`message ${i}`, i % 4, 100 + i));
    client.end();
    await new Promise((resolve) => peer.once("readable", resolve)); // so that some are queued when reading starts
    const messages = await read(peer);
    assert.is(messages.length, COUNT);
    for (const got of messages) {
      const i = got.ppid - 100;
      assert.ok(Buffer.isBuffer(got));
      assert.is(got.toString(), `message ${i}`);
      assert.is(got.sid, i % 4);
    }
    await close();
  });
}

test("what is written with pipe keeps its stream and identifier", async () => {
  const first = await connectedPair();
  const second = await connectedPair();
  first.peer.pipe(second.client);
  const received = receive(second.peer, 2);
  first.client.write(message("one", 2, 18));
  first.client.write(message("two", 5, 60));
  const got = (await received).map((each) => [each.toString(), each.sid, each.ppid]);
  assert.equal(got.sort(), [["one", 2, 18], ["two", 5, 60]]);
  await first.close();
  await second.close();
});

test("leaving a for await loop destroys the socket, as it does any stream", async () => {
  const { client, peer, close } = await connectedPair();
  const failed = new Promise<NodeJS.ErrnoException>((resolve) => client.on("error", resolve));
  for (let i = 0; i < COUNT; i++) client.write(message(`message ${i}`));
  const got: string[] = [];
  for await (const next of peer) {
    got.push(next.toString());
    if (got.length === 2) break;
  }
  assert.equal(got, ["message 0", "message 1"]);
  assert.is(peer.destroyed, true);
  assert.is((await failed).code, "ECONNRESET");
  await close();
});

test("take() gives so many messages", async () => {
  const { client, peer, close } = await connectedPair();
  client.on("error", () => {});
  for (let i = 0; i < COUNT; i++) client.write(message(`message ${i}`, 1, i));
  const got: Message[] = await peer.take(3).toArray();
  assert.equal(got.map(({ sid, ppid }) => [sid, ppid]), [[1, 0], [1, 1], [1, 2]]);
  await close();
});

test.run();
