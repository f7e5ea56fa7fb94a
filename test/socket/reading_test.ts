/** Whichever way it is read: one chunk is one message, with its stream and identifier. */
import { once } from "node:events";
import { PassThrough } from "node:stream";
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
};

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

test.run();
