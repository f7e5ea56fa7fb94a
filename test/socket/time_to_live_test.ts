/** A message whose time to live is over before the stack has it is not sent, and its writer learns of it. */
import { Buffer } from "node:buffer";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, PPID, type SendOptions, type Socket, type Undelivered } from "netsctp";
import { blackHole, skip } from "../helpers/capabilities.ts";
import { connectedPair } from "../helpers/pair.ts";

const LARGE = Buffer.alloc(50_000, "L");
const LIFE_MS = 20;

/** A pair whose client has a message that waits for its peer to read. */
async function fullPair() {
  const pair = await connectedPair({
    client: { sendBufferSize: 64 * 1024 },
    server: { recvBufferSize: 64 * 1024 },
  });
  pair.peer.pause();
  let count = 0;
  do {
    pair.client.write(LARGE);
    count++;
    await new Promise((resolve) => setTimeout(resolve, 20)); // lets what was sent be acknowledged, which makes room again
  } while (pair.client.stats().waiting.messages === 0);
  return { ...pair, count };
}

/** What became of a message: the code of its error. */
function sent(socket: Socket, data: string | Buffer, options: SendOptions): Promise<string | undefined> {
  return new Promise((resolve) =>
    socket.send(data, options, (error) => resolve((error as NodeJS.ErrnoException | null)?.code))
  );
}

const pass = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms + 1));

test("what has waited too long behind others is not sent: its callback and 'undelivered' say so, nothing else is lost", async () => {
  const { client, peer, count, close } = await fullPair();
  const told: Undelivered[] = [];
  client.on("undelivered", (message) => told.push(message));
  client.on("error", () => assert.unreachable());
  const options = { timeToLive: LIFE_MS, stream: 3, ppid: PPID.M3UA, context: 7, unordered: true };
  const fate = sent(client, "too late", options);
  client.send("nobody asks", { timeToLive: LIFE_MS }); // no callback, and no 'error' either
  const living = sent(client, "in time", { timeToLive: 60_000 });
  const others = sent(client, "last", {});
  await pass(LIFE_MS);
  const got: string[] = [];
  peer.on("data", (message) => got.push(message.length === LARGE.length ? "L" : String(message))).resume();
  assert.equal([await fate, await living, await others], ["ERR_SCTP_EXPIRED", undefined, undefined]);
  while (got.length < count + 2) await new Promise((resolve) => peer.once("data", resolve));
  assert.equal(got, [...Array(count).fill("L"), "in time", "last"]);
  assert.equal(told.map(({ data, ...others }) => ({ data: String(data), ...others })), [
    {
      data: "too late",
      stream: 3,
      ppid: 3,
      unordered: true,
      context: 7,
      isSent: false,
      isComplete: true,
      reason: "expired",
    },
    {
      data: "nobody asks",
      stream: 0,
      ppid: 0,
      unordered: false,
      context: 0,
      isSent: false,
      isComplete: true,
      reason: "expired",
    },
  ]);
  await close();
});

test("where all have a time to live, none waits for a peer that never reads", async () => {
  const { client, peer, close } = await connectedPair({
    client: { sendBufferSize: 64 * 1024, sctp: { send: { timeToLive: LIFE_MS } } },
    server: { recvBufferSize: 64 * 1024 },
  });
  peer.pause();
  const fates = await Promise.all(Array.from({ length: 40 }, () => sent(client, LARGE, {})));
  // What expires in the stack makes room there, which a later message may take: 40 are not written in one moment.
  const left = fates.filter((code) => code !== "ERR_SCTP_EXPIRED");
  assert.ok(left.length < fates.length, "none expired");
  assert.ok(left.every((code) => code === undefined), String(left));
  await close();
});

test("what waits behind messages without one, in the queue or in the socket, is answered when its time is over", async () => {
  const { client, peer, count, close } = await fullPair();
  const told: string[] = [];
  client.on("undelivered", ({ data }) => told.push(String(data)));
  client.on("error", () => assert.unreachable());
  const isWaiting = sent(client, "first", {});
  client.cork(); // from here on the socket passes nothing on
  const inTime = sent(client, "in time", { timeToLive: 60_000 });
  const fates = [sent(client, "too late", { timeToLive: LIFE_MS }), sent(client, "too", { timeToLive: 1 })];
  client.send("nobody asks", { timeToLive: LIFE_MS });
  const { waiting } = client.stats();
  assert.equal(await Promise.all(fates), ["ERR_SCTP_EXPIRED", "ERR_SCTP_EXPIRED"]);
  while (told.length < 3) await new Promise((resolve) => client.once("undelivered", resolve));
  assert.equal(told, ["too", "too late", "nobody asks"]);
  assert.is(
    client.stats().waiting.bytes,
    waiting.bytes - "too late".length - "too".length - "nobody asks".length,
  );
  assert.is(client.stats().abandoned!.unsent, 3);
  client.uncork();
  const got: string[] = [];
  peer.on("data", (message) => got.push(message.length === LARGE.length ? "L" : String(message))).resume();
  assert.equal([await isWaiting, await inTime], [undefined, undefined]);
  while (got.length < count + 2) await new Promise((resolve) => peer.once("data", resolve));
  assert.equal(got, [...Array(count).fill("L"), "first", "in time"]);
  assert.equal([client.writableLength, told.length], [0, 3]);
  await close();
});

test("behind a message that the association has no room for, a callback comes in time", async () => {
  const { client, close } = await fullPair();
  assert.is(await sent(client, "alone in the socket", { timeToLive: LIFE_MS }), "ERR_SCTP_EXPIRED");
  await close();
});

const CONNECTING = "a message that expires while the socket connects is answered then";
if (blackHole.reason) skip(CONNECTING, blackHole.reason);
else {
  test(CONNECTING, async () => {
    const { host, port, udpPort } = blackHole;
    const socket = connect({ host, port, udpPort });
    const undelivered = new Promise<Undelivered>((resolve) => socket.once("undelivered", resolve));
    socket.cork();
    socket.send("waits before it");
    const fate = sent(socket, "too late", { timeToLive: LIFE_MS });
    socket.uncork();
    assert.is(await fate, "ERR_SCTP_EXPIRED");
    assert.is(String((await undelivered).data), "too late");
    assert.is(socket.connecting, true);
    await new Promise((resolve) => socket.on("error", () => {}).on("close", resolve).destroy());
  });
}

test("what was not delivered can be sent again as it was", async () => {
  const { client, peer, close } = await fullPair();
  const undelivered = new Promise<Undelivered>((resolve) => client.once("undelivered", resolve));
  client.send("again", { timeToLive: LIFE_MS, stream: 2, ppid: PPID.M2PA });
  await pass(LIFE_MS);
  const got = new Promise((resolve) =>
    peer.on("data", (message) => {
      if (message.ppid === PPID.M2PA) resolve([String(message), message.stream]);
    }).resume()
  );
  const message = await undelivered;
  client.send(message.data, message);
  assert.equal(await got, ["again", 2]);
  await close();
});

test.run();
