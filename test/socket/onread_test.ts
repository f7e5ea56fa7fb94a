/** The option `onread`: messages come in a buffer of the user's, in place of 'data'. */
import { Buffer } from "node:buffer";
import { once } from "node:events";
import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type OnReadOptions, type Socket } from "netsctp";
import { message, payload } from "../helpers/messages.ts";
import { closed, connectedPair, endpointOf, listening } from "../helpers/pair.ts";

type Piece = { text: string; sid: number; ppid: number; isLast: boolean };

/** Collects what is given, and answers with what `goesOn` says. */
function collecting(
  buffer: OnReadOptions["buffer"],
  goesOn: (pieces: Piece[]) => boolean | void = () => {},
): { onread: OnReadOptions; pieces: Piece[] } {
  const pieces: Piece[] = [];
  const callback: OnReadOptions["callback"] = (length, into, info) => {
    pieces.push({ text: Buffer.from(into.subarray(0, length)).toString(), ...info });
    return goesOn(pieces);
  };
  return { pieces, onread: { buffer, callback } };
}

/** A socket that reads so, what it closes with, and its peer. */
async function reading(
  onread: OnReadOptions,
): Promise<{ socket: Socket; peer: Socket; over: Promise<void> }> {
  const server = await listening();
  const socket = connect({ ...endpointOf(server), onread });
  const [[peer]] = await Promise.all([once(server, "connection"), once(socket, "connect")]);
  socket.on("data", () => assert.unreachable("'data' has no part in it"));
  const over = closed(server);
  return { socket, peer, over };
}

test("a buffer: each message in it, with its stream and identifier, then the end", async () => {
  const buffer = Buffer.alloc(100);
  const { onread, pieces } = collecting(buffer);
  const { socket, peer, over } = await reading(onread);
  for (let i = 0; i < 5; i++) peer.write(message(`message ${i}`, i, 40 + i));
  peer.end();
  await once(socket, "end");
  pieces.sort((a, b) => a.sid - b.sid); // streams have no order among each other
  const expected = [0, 1, 2, 3, 4].map((i) => ({ text: `message ${i}`, sid: i, ppid: 40 + i, isLast: true }));
  assert.equal(pieces, expected);
  assert.is(socket.bytesRead, 45);
  await over;
});

test("the buffer that is given is the user's, or the one a function makes each time", async () => {
  const own = new Uint8Array(64);
  const made: Uint8Array[] = [];
  const make = () => made[made.push(new Uint8Array(64)) - 1]!;
  for (const buffer of [own, make]) {
    const given: Uint8Array[] = [];
    const { socket, peer, over } = await reading({
      buffer,
      callback: (_length, into) => void given.push(into),
    });
    peer.write("one");
    peer.write("two");
    peer.end();
    await once(socket, "end");
    assert.is(given.length, 2);
    if (buffer === own) assert.ok(given.every((one) => one === own));
    else assert.ok(given.every((one, i) => one === made[i]));
    await over;
  }
});

test("a larger message comes in pieces; only the last says so", async () => {
  const { onread, pieces } = collecting(Buffer.alloc(4));
  const { socket, peer, over } = await reading(onread);
  peer.write(message("0123456789", 1, 60));
  peer.write(message("abcd", 1, 61));
  peer.end();
  await once(socket, "end");
  assert.equal(pieces, [
    { text: "0123", sid: 1, ppid: 60, isLast: false },
    { text: "4567", sid: 1, ppid: 60, isLast: false },
    { text: "89", sid: 1, ppid: 60, isLast: true },
    { text: "abcd", sid: 1, ppid: 61, isLast: true },
  ]);
  await over;
});

for (const way of ["false from the callback", "pause()"]) {
  test(`${way} pauses, within a message as well; resume() goes on, and the end waits`, async () => {
    let isPaused = false;
    const { onread, pieces } = collecting(Buffer.alloc(4), () => {
      assert.is(isPaused, false, "nothing comes while reading is paused");
      isPaused = true;
      if (way === "pause()") socket.pause();
      else return false;
    });
    const { socket, peer, over } = await reading(onread);
    let hasEnded = false;
    socket.on("end", () => hasEnded = true);
    peer.write(message("0123456789", 2, 60));
    peer.end(message("end", 2, 61));
    while (pieces.length < 4) {
      if (!isPaused) await new Promise((resolve) => setImmediate(resolve));
      if (!isPaused) continue;
      assert.is(hasEnded, false);
      isPaused = false;
      socket.resume();
    }
    assert.equal(pieces.map(({ text }) => text), ["0123", "4567", "89", "end"]);
    assert.is(hasEnded, false); // it is paused again
    socket.resume();
    await once(socket, "end");
    await over;
  });
}

test("while reading is paused the peer is slowed down; afterwards everything is there", async () => {
  let isPaused = true;
  let bytes = 0;
  let onFirst: () => void;
  const first = new Promise<void>((resolve) => onFirst = resolve);
  const onread: OnReadOptions = {
    buffer: Buffer.alloc(32 * 1024),
    callback: (length) => {
      bytes += length;
      onFirst();
      return !isPaused;
    },
  };
  const { socket, peer, over } = await reading(onread);
  let written = 0;
  const block = payload(20_000);
  while (peer.write(block)) {
    written += block.length;
    await new Promise((resolve) => setImmediate(resolve));
  }
  written += block.length;
  await first;
  assert.is(bytes, block.length);
  isPaused = false;
  socket.resume();
  peer.end();
  await once(socket, "end");
  assert.is(bytes, written);
  await over;
});

test("resume() and destroy() from inside the callback", async () => {
  const { onread, pieces } = collecting(Buffer.alloc(4), (all) => {
    socket.resume();
    if (all.length === 3) socket.destroy();
  });
  const { socket, peer, over } = await reading(onread);
  peer.on("error", () => {});
  const ended = once(socket, "close");
  peer.write("0123456789abcdefghij");
  await ended;
  assert.equal(pieces.map(({ text }) => text), ["0123", "4567", "89ab"]);
  await over;
});

test("an exception in the callback is an uncaught one, and loses nothing", async () => {
  const { onread, pieces } = collecting(Buffer.alloc(4), (all) => {
    if (all.length < 3) throw new Error(`from the callback ${all.length}`);
  });
  const { socket, peer, over } = await reading(onread);
  const caught: string[] = [];
  const onCaught = (error: Error) => void caught.push(error.message);
  process.on("uncaughtException", onCaught);
  peer.write("0123");
  peer.write("456789");
  peer.end();
  await once(socket, "end");
  await over;
  process.off("uncaughtException", onCaught);
  assert.equal(pieces.map(({ text }) => text), ["0123", "4567", "89"]);
  assert.equal(caught, ["from the callback 1", "from the callback 2"]);
});

test("destroy() from inside the function that gives the buffer", async () => {
  const { socket, peer, over } = await reading({
    buffer: () => {
      socket.destroy();
      return Buffer.alloc(4);
    },
    callback: () => assert.unreachable("it is destroyed"),
  });
  peer.on("error", () => {});
  const ended = once(socket, "close");
  peer.write("never given");
  await ended;
  await over;
});

test("a function that gives no buffer fails the socket", async () => {
  const { socket, peer, over } = await reading({
    buffer: () => undefined as never,
    callback: () => assert.unreachable("there is no buffer"),
  });
  peer.on("error", () => {});
  const failed = new Promise<NodeJS.ErrnoException>((resolve) => socket.on("error", resolve));
  peer.write("nowhere to put it");
  assert.is((await failed).code, "ERR_INVALID_ARG_VALUE");
  await over;
});

test("an ordinary socket beside it still has 'data'", async () => {
  const { client, peer, close } = await connectedPair();
  peer.write("as usual");
  assert.is((await once(client, "data"))[0].toString(), "as usual");
  await close();
});

test.run();
