/** stats(): what was counted of an association, at both ends, while it is up and afterwards. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type AssociationStatistics, connect, type Socket } from "netsctp";
import { stack } from "../helpers/capabilities.ts";
import { closed, connectedPair, endpointOf, listening } from "../helpers/pair.ts";

const MESSAGE = Buffer.alloc(100);
const COUNT = 50;
const BYTES = COUNT * MESSAGE.length;

const NOTHING: AssociationStatistics = {
  messagesIn: 0,
  messagesOut: 0,
  bytesIn: 0,
  bytesOut: 0,
  waiting: { messages: 0, bytes: 0 },
};

/** Writes messages, and waits until the other end has read them. */
async function send(from: Socket, to: Socket, count = COUNT): Promise<void> {
  let missing = count;
  const all = new Promise<void>((resolve) => {
    to.on("data", () => --missing === 0 && resolve());
  });
  for (let i = 0; i < count; i++) from.write(MESSAGE);
  await all;
}

test("both ends count messages, payload and packets", async () => {
  const { client, peer, close } = await connectedPair();
  await send(client, peer);
  await send(peer, client, 1); // whose packet acknowledges what came, too
  const [here, there] = [client.stats(), peer.stats()];
  assert.equal([here.messagesOut, here.bytesOut, here.messagesIn, here.bytesIn], [COUNT, BYTES, 1, 100]);
  assert.equal([there.messagesIn, there.bytesIn, there.messagesOut, there.bytesOut], [COUNT, BYTES, 1, 100]);
  assert.equal([here.waiting, there.waiting], [NOTHING.waiting, NOTHING.waiting]);
  assert.equal([here.abandoned, there.abandoned], [{ unsent: 0, sent: 0 }, { unsent: 0, sent: 0 }]);
  for (const { packetsIn, packetsOut, sacksIn, sacksOut } of [here, there]) {
    assert.ok(packetsIn! > 0 && packetsOut! > 0);
    assert.ok(sacksIn! <= packetsIn! && sacksOut! <= packetsOut!);
  }
  assert.ok(here.sacksIn! > 0 && there.sacksOut! >= here.sacksIn!);
  for (const { retransmitted, duplicates, gaps, unorderedIn, unorderedOut } of [here, there]) {
    assert.equal([retransmitted, duplicates, gaps, unorderedIn, unorderedOut], [0, 0, 0, 0, 0]);
  }
  await close();
});

test("the highest RTO stays, however often it is asked for", async () => {
  const { client, peer, close } = await connectedPair();
  await send(client, peer);
  await send(peer, client);
  const first = client.stats().highestRto;
  if (stack === "userspace") assert.is(first, undefined);
  else assert.ok(first! >= 1000, `${first}`); // RTO.Min
  assert.is(client.stats().highestRto, first);
  await close();
});

test("what is written while connecting waits, to the message", async () => {
  const server = await listening();
  server.on("connection", (peer) => peer.resume());
  const client = connect(endpointOf(server));
  for (let i = 0; i < 3; i++) client.write(MESSAGE);
  assert.equal(client.stats(), { ...NOTHING, waiting: { messages: 3, bytes: 300 } });
  await once(client, "connect");
  await new Promise<void>((resolve) => client.write(MESSAGE, () => resolve()));
  const { messagesOut, bytesOut, waiting } = client.stats();
  assert.equal({ messagesOut, bytesOut, waiting }, {
    messagesOut: 4,
    bytesOut: 400,
    waiting: NOTHING.waiting,
  });
  client.resume().end();
  await closed(server);
});

test("what a peer that does not read leaves behind waits", async () => {
  const { client, peer, close } = await connectedPair();
  peer.pause(); // the rest waits
  const message = Buffer.alloc(10_000);
  const COUNT = 1000; // more than both stacks keep
  for (let i = 0; i < COUNT; i++) client.write(message);
  const check = () => {
    const { messagesOut, bytesOut, waiting } = client.stats();
    assert.ok(waiting.messages > 0);
    assert.is(messagesOut + waiting.messages, COUNT);
    assert.is(bytesOut + waiting.bytes, COUNT * message.length);
  };
  check();
  while (client.stats().messagesOut < 10) await new Promise((resolve) => setImmediate(resolve));
  check(); // of a batch, a part has left
  await close();
});

for (const ending of ["end", "destroy"] as const) {
  test(`after ${ending}() everything is known, though nobody has asked before`, async () => {
    const { client, peer, server } = await connectedPair();
    await send(client, peer);
    peer.on("error", () => {}).on("close", () => {});
    client.resume()[ending]();
    await once(client, "close");
    const { messagesOut, bytesOut, waiting, packetsOut, abandoned } = client.stats();
    assert.equal([messagesOut, bytesOut, waiting], [COUNT, BYTES, NOTHING.waiting]);
    assert.ok(packetsOut! > 0);
    assert.equal(abandoned, { unsent: 0, sent: 0 });
    await closed(server);
  });
}

test("after the peer's ABORT the stack's counts are those of the call before", async () => {
  const { client, peer, server } = await connectedPair();
  await send(client, peer);
  const before = client.stats();
  const over = new Promise((resolve) => client.on("error", () => {}).on("close", resolve));
  peer.destroy();
  await over;
  assert.equal(client.stats(), before);
  await closed(server);
});

test("without an association there are zeros, and none of the stack's counts", async () => {
  const server = await listening();
  const endpoint = endpointOf(server);
  await closed(server);
  const client = connect(endpoint);
  assert.equal(client.stats(), NOTHING);
  client.write(MESSAGE, () => {});
  await once(client, "error");
  assert.equal(client.stats(), NOTHING);
});

test.run();
