/** Messages that a stack has taken and not sent when their time to live is over (RFC 3758, RFC 6458 section 5.3.8). */
import { Buffer } from "node:buffer";
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Socket, Stack, Undelivered } from "netsctp";
import { across, type AcrossOptions, testAcross } from "../helpers/across.ts";
import { CHUNK, type Packet, ppidOf } from "../helpers/relay.ts";

/** More than may be on its way at the beginning. */
const LARGE = Buffer.alloc(40_000, "L");
const LATE = 7;
/** Enough for the stack to get a message before, on a busy machine too, and less than the time to a retransmission. */
const LIFE_MS = 400;

const HASTY: AcrossOptions["both"] = {
  sctp: {
    rto: { initial: 1000, min: 1000, max: 1000 },
    retransmissions: { association: 1000, path: 1000 },
    heartbeat: false,
    pathMtu: 1000,
  },
};

const hasData = ({ chunks }: Packet) => chunks.some(({ type }) => type === CHUNK.DATA);

/** Nothing arrives, until `relay.loses` is another. */
async function blocked(stack: Stack) {
  const ends = await across(stack, { both: HASTY, loses: hasData });
  const got: string[] = [], returned: Undelivered[] = [];
  ends.peer.on("data", (data) => got.push(data.length > 100 ? `${data.length} bytes` : String(data)));
  ends.client.on("undelivered", (message) => returned.push(message));
  const late = () => ends.relay.chunks("client", CHUNK.DATA, (chunk) => ppidOf(chunk) === LATE);
  return { ...ends, got, returned, late };
}

const pass = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms)); // the time is the subject

/** The stack has all that was written. */
async function taken(socket: Socket): Promise<void> {
  while (socket.stats().waiting.messages > 0) await new Promise<void>((resolve) => setImmediate(resolve));
}

const told = (messages: Undelivered[]) =>
  messages.map(({ data, stream, context, unordered, isSent, isComplete, reason }) => ({
    ...{ data: String(data), stream, context, unordered, isSent, isComplete, reason },
  }));
const UNSENT = { isSent: false, isComplete: true, reason: "expired" };

testAcross("what expires in the stack's queue is never sent, and comes back; others go on", async (stack) => {
  const { client, peer, relay, close, got, returned, late } = await blocked(stack);
  client.write(LARGE);
  client.send("late", { ppid: LATE, timeToLive: LIFE_MS, context: 7 });
  client.send("in time", { timeToLive: 60_000 });
  client.send("late elsewhere", { ppid: LATE, timeToLive: LIFE_MS, stream: 3, unordered: true });
  client.send("last");
  await taken(client);
  assert.equal(client.stats().abandoned, { unsent: 0, sent: 0 });
  await pass(LIFE_MS + 10);
  relay.loses = () => false;
  while (!got.includes("last")) await once(peer, "data");
  while (returned.length < 2) await once(client, "undelivered");
  assert.equal(got, [`${LARGE.length} bytes`, "in time", "last"]);
  returned.sort((one, other) => one.stream - other.stream); // streams take turns, each stack's way
  assert.equal(told(returned), [
    { data: "late", stream: 0, context: 7, unordered: false, ...UNSENT },
    { data: "late elsewhere", stream: 3, context: 0, unordered: true, ...UNSENT },
  ]);
  assert.equal(client.stats().abandoned, { unsent: 2, sent: 0 });
  assert.is(late().length, 0);
  assert.is(relay.chunks("client", CHUNK.FORWARD_TSN).length, 0); // it never had a TSN
  await close();
});

testAcross("an association ends in order where the last message has expired", async (stack) => {
  const { client, peer, relay, close, got, returned, late } = await blocked(stack);
  client.write(LARGE);
  client.send("late", { ppid: LATE, timeToLive: LIFE_MS });
  await taken(client);
  client.end();
  await pass(LIFE_MS + 10);
  const ended = once(peer, "end");
  relay.loses = () => false;
  await ended;
  assert.equal(got, [`${LARGE.length} bytes`]);
  assert.equal(told(returned).map(({ data }) => data), ["late"]);
  assert.is(late().length, 0);
  await close();
});

testAcross("of one that was begun the rest is not sent, and the other end skips it", async (stack) => {
  const { client, peer, relay, close, got, returned, late } = await blocked(stack);
  client.send(LARGE, { ppid: LATE, timeToLive: LIFE_MS });
  await relay.until("client", CHUNK.FORWARD_TSN);
  const tsns = () => new Set(late().map(({ bytes }) => bytes.readUInt32BE(4))).size;
  const begun = tsns();
  assert.ok(begun > 0);
  relay.loses = () => false;
  client.send("last");
  while (!got.includes("last")) await once(peer, "data");
  assert.equal(got, ["last"]);
  assert.is(tsns(), begun);
  // The kernel's stack only counts what it had sent some of.
  if (stack === "userspace") {
    assert.equal(returned.map(({ data, isSent, isComplete }) => [data.equals(LARGE), isSent, isComplete]), [
      [true, true, true],
    ]);
    assert.equal(client.stats().abandoned, { unsent: 0, sent: 1 });
  }
  await close();
});

test.run();
