/** What a received message tells of itself: stream, order, on demand its numbers, and what is printed of it. */
import { Buffer } from "node:buffer";
import { inspect } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { PPID } from "netsctp";
import { stack } from "../helpers/capabilities.ts";
import { receive } from "../helpers/messages.ts";
import { connectedPair } from "../helpers/pair.ts";

test("stream and sid are one thing, at a message that came whole and at one that came in pieces", async () => {
  const { client, peer, close } = await connectedPair();
  const received = receive(peer, 2);
  client.send("small", { stream: 3, unordered: true });
  client.send(Buffer.alloc(300_000), { stream: 4 });
  const messages = (await received).sort((a, b) => a.length - b.length);
  assert.equal(messages.map(({ stream, sid, unordered }) => [stream, sid, unordered]), [
    [3, 3, true],
    [4, 4, false],
  ]);
  const [message] = messages;
  message!.stream = 5;
  assert.is(message!.sid, 5);
  assert.equal([message!.ssn, message!.tsn, message!.cumulativeTsn], [undefined, undefined, undefined]);
  await close();
});

test("sctp.receiveInfo: ssn counts in a stream, tsn over all; the kernel's cumulative TSN is told of unordered ones", async () => {
  const { client, peer, close } = await connectedPair({ server: { sctp: { receiveInfo: true } } });
  const received = receive(peer, 4);
  for (const [text, stream] of [["a", 1], ["b", 1], ["c", 2]] as const) client.send(text, { stream });
  client.send("d", { unordered: true });
  const messages = (await received).sort((a, b) => a.compare(b));
  const [first] = messages;
  assert.equal(messages.map(({ ssn }) => ssn), [0, 1, 0, undefined]);
  // A stack may take streams in turns.
  assert.equal(messages.map(({ tsn }) => (tsn! - first!.tsn!) >>> 0).sort(), [0, 1, 2, 3]);
  messages.forEach(({ tsn, cumulativeTsn, unordered }) => {
    if (stack === "kernel" && !unordered) assert.is(cumulativeTsn, undefined);
    else assert.ok(((cumulativeTsn! - tsn!) >>> 0) < 10, `${tsn} ${cumulativeTsn}`);
  });
  const later = receive(peer, 2);
  peer.configure({ receiveInfo: false });
  client.write("e");
  client.write("f");
  assert.equal((await later).map(({ tsn }) => tsn), [undefined, undefined]);
  await close();
});

test("what is printed of a message names its stream and identifier; it is a Buffer all the same", async () => {
  const { client, peer, close } = await connectedPair();
  const received = receive(peer, 2);
  client.send("hello", { stream: 3, ppid: PPID.NGAP });
  client.send(Buffer.alloc(70, 1), { ppid: 4711, stream: 4, unordered: true });
  const [short, long] = (await received).sort((a, b) => a.length - b.length);
  assert.is(inspect(short), "<Message stream 3, ppid 60 (NGAP), 5 bytes: 68 65 6c 6c 6f>");
  const ones = Array(50).fill("01").join(" ");
  assert.is(
    inspect([long], { breakLength: Infinity }),
    `[ <Message stream 4, ppid 4711, unordered, 70 bytes: ${ones} ... 20 more> ]`,
  );
  assert.ok(Buffer.isBuffer(short) && short.equals(Buffer.from("hello")));
  assert.equal([...short!], [...Buffer.from("hello")]);
  assert.is(inspect(short!.subarray(1)), inspect(Buffer.from("ello")));
  assert.is(JSON.stringify(short), JSON.stringify(Buffer.from("hello")));
  await close();
});

test.run();
