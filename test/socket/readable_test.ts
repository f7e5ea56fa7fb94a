/** 'readable' with one read() each, which is enough for the bytes of a byte stream: nothing is left waiting. */
import { Buffer } from "node:buffer";
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type Message, type Socket } from "netsctp";
import { closed, connectedPair, endpointOf, listening } from "../helpers/pair.ts";

const COUNT = 100; // more than the 16 that the readable side buffers

/** Sends that many messages, which are there before the first is read. */
async function sent(client: Socket, peer: Socket): Promise<void> {
  peer.pause();
  for (let i = 1; i <= COUNT; i++) {
    client.write(Object.assign(Buffer.alloc(i, i), { sid: i % 10, ppid: i }));
  }
  while (peer.readableLength === 0) await new Promise((resolve) => setImmediate(resolve));
}

test("one read() for each 'readable' gives every message, then the end", async () => {
  const { client, peer, close } = await connectedPair();
  await sent(client, peer);
  const messages: Message[] = [];
  const ended = once(peer, "end");
  client.end();
  peer.on("readable", () => {
    const message = peer.read();
    if (message !== null) messages.push(message);
  });
  await ended;
  const expected = Array.from({ length: COUNT }, (_, i) => [i + 1, (i + 1) % 10, i + 1]);
  assert.equal(messages.map(({ length, sid, ppid }) => [length, sid, ppid]), expected);
  await close();
});

test("the same as strings, and where the reader pauses and comes back", async () => {
  const { client, peer, close } = await connectedPair();
  await sent(client, peer);
  peer.setEncoding("latin1");
  const lengths: number[] = [];
  let turn = 0;
  const done = new Promise<void>((resolve) => {
    const readOne = () => {
      const text = peer.read() as unknown as string | null;
      if (text !== null) lengths.push(text.length);
      if (lengths.length === COUNT) resolve();
    };
    peer.on("readable", () => ++turn % 3 === 0 ? setImmediate(readOne) : readOne());
  });
  await done;
  assert.equal(lengths, Array.from({ length: COUNT }, (_, i) => i + 1));
  await close();
});

test("a packet of another protocol that lies in many messages is put together, as npm's aedes does it", async () => {
  const { client, peer, close } = await connectedPair();
  const packet = Buffer.from("\x10\x0f\x00\x04MQTT\x04\x02\x00\x00\x00\x03abc", "latin1");
  peer.pause();
  for (const byte of packet) client.write(Buffer.of(byte));
  while (peer.readableLength < 2) await new Promise((resolve) => setImmediate(resolve));
  let parsed = Buffer.alloc(0);
  await new Promise<void>((resolve) => {
    peer.on("readable", () => {
      const bytes = peer.read();
      if (bytes) parsed = Buffer.concat([parsed, bytes]);
      if (parsed.length >= 2 && parsed.length === parsed[1]! + 2) resolve();
    });
  });
  assert.equal(parsed, packet);
  await close();
});

test("read() in a row by one who was late: in order, though the end comes meanwhile", async () => {
  const count = 400;
  const server = await listening();
  const gone = new Promise<void>((resolve) =>
    server.on("connection", (peer) => {
      for (let i = 0; i < count; i++) {
        const message = Buffer.alloc(1000);
        message.writeUInt32BE(i);
        peer.write(message);
      }
      peer.on("close", () => resolve()).resume().end();
    })
  );
  const client = connect(endpointOf(server));
  const seen: number[] = [];
  let isLate = true;
  const readAll = () => {
    for (let message; !isLate && (message = client.read()) !== null;) seen.push(message.readUInt32BE(0));
  };
  client.on("readable", readAll);
  const ended = once(client, "end");
  await gone; // the client's stack has all of it, and the end
  await new Promise((resolve) => setImmediate(resolve)); // by now the client has been told
  isLate = false;
  readAll();
  await ended;
  assert.equal(seen, [...Array(count).keys()]);
  await closed(server);
});

test("who does not read is not told again, and who reads all of it is not told for nothing", async () => {
  for (const readsAll of [false, true]) {
    const { client, peer, close } = await connectedPair();
    let told = 0, empty = 0;
    const first = once(peer, "readable");
    peer.on("readable", () => {
      told++;
      if (readsAll && peer.read() === null) empty++;
      if (readsAll) { while (peer.read() !== null); }
    });
    client.write("x");
    client.write("y");
    await first;
    await new Promise<void>((resolve) => {
      client.on("data", () => resolve());
      peer.write("an answer, after which nothing else comes");
    });
    for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
    assert.equal([told <= 3, empty], [true, 0], `told ${told} times, ${empty} times for nothing`);
    await close();
  }
});

test.run();
