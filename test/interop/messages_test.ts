/** Messages from each stack to the other one: what they are sent with is in their chunks, and told where they arrive. What
 * is given up is skipped there, and what was not delivered comes back. */
import { Buffer } from "node:buffer";
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { SendOptions, Socket, Stack, SystemError, Undelivered } from "netsctp";
import { across, type AcrossOptions, testAcross } from "../helpers/across.ts";
import { skip } from "../helpers/capabilities.ts";
import { missing } from "../helpers/encapsulation.ts";
import { receive } from "../helpers/messages.ts";
import { CHUNK, type Chunk, type Packet, ppidOf } from "../helpers/relay.ts";

/** Flags of DATA (RFC 9260 section 3.3.1). */
const IMMEDIATELY = 8, UNORDERED = 4;

/** Time-outs that are soon over, and that do not grow. */
const HASTY: AcrossOptions["both"] = {
  sctp: {
    rto: { initial: 100, min: 100, max: 100 },
    retransmissions: { association: 1000, path: 1000 },
    heartbeat: false,
  },
};

/** Writes until the stack takes no more. */
async function fill(socket: Socket): Promise<void> {
  while (socket.stats().waiting.messages === 0) {
    socket.write(Buffer.alloc(8000));
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

/** Whether a packet of the client's has DATA with that identifier. */
const carries = (ppid: number) => ({ from, chunks }: Packet) =>
  from === "client" && chunks.some((chunk) => chunk.type === CHUNK.DATA && ppidOf(chunk) === ppid);

testAcross("stream, PPID, unordered and the I bit are on the wire, and told", async (stack) => {
  const { client, peer, relay, close } = await across(stack);
  const sent: SendOptions[] = [
    { stream: 3, ppid: 46, unordered: false, sackImmediately: false },
    { stream: 4, ppid: 0xfffffffe, unordered: true, sackImmediately: true },
  ];
  for (const options of sent) client.send("x", options);
  const told = await receive(peer, sent.length);
  const onWire = relay.chunks("client", CHUNK.DATA).map(({ flags, bytes }) => ({
    stream: bytes.readUInt16BE(8),
    ppid: bytes.readUInt32BE(12),
    unordered: (flags & UNORDERED) !== 0,
    sackImmediately: (flags & IMMEDIATELY) !== 0,
  }));
  assert.equal(onWire, sent);
  assert.equal(
    told.map(({ stream, ppid, unordered }) => ({ stream, ppid, unordered })),
    sent.map(({ sackImmediately: _, ...others }) => others),
  );
  await close();
});

testAcross("sackImmediately: who has to wait for its acknowledgement otherwise does not", async (stack) => {
  const options: AcrossOptions = { server: { sctp: { sack: { delay: 500, freq: 2 } } } };
  const [patient, impatient] = [await across(stack, options), await across(stack, options)];
  const ends = [patient, impatient];
  const sacks = ({ relay }: typeof patient) => relay.chunks("server", CHUNK.SACK).length;
  for (const { client, relay } of ends) {
    client.write("the first of all is acknowledged at once");
    await relay.until("server", CHUNK.SACK);
  }
  patient.client.send("waits");
  await patient.relay.until("client", CHUNK.DATA, undefined, 2);
  const before = sacks(patient);
  impatient.client.send("does not", { sackImmediately: true });
  await impatient.relay.until("server", CHUNK.SACK, undefined, sacks(impatient) + 1);
  assert.is(sacks(patient), before);
  for (const end of ends) await end.close();
});

const LIFE_MS = 20;
const [LOST, AFTERWARDS] = [7, 8];

async function isGivenUp(stack: Stack, limit: SendOptions): Promise<Chunk[]> {
  const { client, peer, relay, close } = await across(stack, { both: HASTY, loses: carries(LOST) });
  assert.is(client.features!.partialReliability, true);
  const returned: Undelivered[] = [];
  client.on("undelivered", (one) => returned.push(one));
  const got: string[] = [];
  peer.on("data", (data) => got.push(String(data)));
  client.send("before");
  client.send("lost", { ppid: LOST, ...limit });
  await relay.until("client", CHUNK.FORWARD_TSN);
  client.send("after", { ppid: AFTERWARDS }); // of the same stream: it would wait for what it misses
  while (!got.includes("after")) await once(peer, "data");
  assert.equal(got, ["before", "after"]);
  assert.equal(client.stats().abandoned, { unsent: 0, sent: 1 });
  // The kernel's stack only counts it.
  const told = returned.map(({ data, reason, isSent }) => [String(data), reason, isSent]);
  assert.equal(told, stack === "userspace" ? [["lost", "expired", true]] : []);
  await close();
  return relay.chunks("client", CHUNK.DATA, (chunk) => ppidOf(chunk) === LOST);
}

testAcross(
  "maxRetransmits: it is sent that often again, then FORWARD TSN has the other end skip it",
  async (stack) => {
    for (const maxRetransmits of [0, 2]) {
      assert.is((await isGivenUp(stack, { maxRetransmits })).length, 1 + maxRetransmits);
    }
  },
);

testAcross("timeToLive: what is lost is sent again for so long, then it is skipped", async (stack) => {
  assert.ok((await isGivenUp(stack, { timeToLive: 250 })).length >= 1);
});

testAcross("timeToLive: what expires before its turn is never sent", async (stack) => {
  const { client, peer, relay, close } = await across(stack, {
    both: { ...HASTY, sendBufferSize: 64 * 1024 },
    loses: ({ chunks }) => chunks.some(({ type }) => type === CHUNK.DATA),
  });
  await fill(client);
  const fate = new Promise<Error | null | undefined>((resolve) =>
    client.send("late", { ppid: LOST, timeToLive: LIFE_MS }, resolve)
  );
  client.send("last", { ppid: AFTERWARDS });
  await new Promise((resolve) => setTimeout(resolve, LIFE_MS + 1)); // the time is the subject
  relay.loses = () => false;
  const last = new Promise<void>((resolve) =>
    peer.on("data", (data) => String(data) === "last" && resolve())
  );
  assert.is((await fate as NodeJS.ErrnoException).code, "ERR_SCTP_EXPIRED");
  await last;
  assert.equal(relay.chunks("client", CHUNK.DATA, (chunk) => ppidOf(chunk) === LOST), []);
  await close();
});

const PRIORITY = "kernel to userspace: priority: what matters less makes room";
if (missing) skip(PRIORITY, missing);
else {
  test(PRIORITY, async () => {
    const { client, peer, relay, close } = await across("kernel", {
      both: { ...HASTY, sendBufferSize: 64 * 1024 },
      loses: ({ chunks }) => chunks.some(({ type }) => type === CHUNK.DATA),
    });
    const givenUp = () => {
      const { unsent, sent } = client.stats().abandoned!;
      return unsent + sent;
    };
    let written = 0;
    for (const filler = Buffer.alloc(8000); givenUp() === 0; written++) { // each matters more than the one before
      client.send(filler, { priority: 10_000 - written });
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    client.send("matters", { priority: 0 });
    written++;
    const got: string[] = [];
    peer.on("data", (data) => got.push(String(data)));
    relay.loses = () => false;
    while (got.length + givenUp() < written) await once(peer, "data");
    assert.ok(got.includes("matters"), "what matters has come");
    await close();
  });
}

/** What comes back to a socket, and what comes after it. */
async function endOf(socket: Socket): Promise<{ told: unknown[]; error?: SystemError }> {
  const told: unknown[] = [];
  let failure: SystemError | undefined;
  socket.on("undelivered", ({ data, stream, ppid, unordered, context, isSent, isComplete, reason }) => {
    told.push({ data: String(data), stream, ppid, unordered, context, isSent, isComplete, reason });
  });
  socket.on("error", (error: Error) => {
    failure = error as SystemError;
    told.push("error");
  });
  await new Promise<void>((resolve) => socket.on("close", () => resolve()));
  return { told: [...told, "close"], error: failure };
}

testAcross(
  "what the other end has not acknowledged when it aborts comes back, in order, before the error",
  async (stack) => {
    const { client, peer, relay, close } = await across(stack, { both: HASTY });
    client.write("acknowledged");
    await once(peer, "data");
    await relay.until("server", CHUNK.SACK);
    relay.loses = ({ from, chunks }) => from === "client" && chunks.some(({ type }) => type === CHUNK.DATA);
    const options = [{ stream: 1, ppid: 3, context: 11 }, {
      stream: 2,
      ppid: 4,
      context: 12,
      unordered: true,
    }];
    for (const one of options) client.send(`number ${one.context}`, one);
    await relay.until("client", CHUNK.DATA, (chunk) => ppidOf(chunk) === 4);
    const end = endOf(client);
    peer.destroy();
    const { told, error } = await end;
    const returned = options.map((one) => ({
      data: `number ${one.context}`,
      unordered: false,
      ...one,
      isSent: true,
      isComplete: true,
      reason: "association",
    }));
    assert.equal(told, [...returned, "error", "close"]);
    assert.equal([error!.code, error!.causeCode, error!.causeName], [
      "ECONNRESET",
      12,
      "User-Initiated Abort",
    ]);
    await close();
  },
);

test.run();
