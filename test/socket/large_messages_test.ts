/** Messages that arrive in pieces: whole or not at all, whatever else is on its way. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type Message, type Socket } from "netsctp";
import { message, payload, receive } from "../helpers/messages.ts";
import { closed, connectedPair, endpointOf, listening } from "../helpers/pair.ts";

const MIB = 2 ** 20;

test("a message of maxMessageSize is the largest that is taken: 1 MiB, if nothing else was set", async () => {
  const { client, peer, close } = await connectedPair();
  const received = receive(peer, 1);
  client.write(payload(MIB));
  assert.ok((await received)[0]!.equals(payload(MIB)));
  const [tooLarge, aborted] = [once(peer, "error"), once(client, "error")];
  peer.on("data", () => assert.unreachable("no part of it may be given"));
  client.write(payload(MIB + 1));
  const [error] = await Promise.all([tooLarge, aborted]).then(([[mine], [theirs]]) => [mine, theirs]);
  assert.is(error.code, "ERR_SCTP_MESSAGE_TOO_LARGE");
  assert.match(error.message, /1048576 bytes .*maxMessageSize/);
  await close();
});

test("large messages with small ones between them, on other streams: each is whole, each stream in order", async () => {
  const { client, peer, close } = await connectedPair();
  const sent: Message[] = [];
  for (let i = 0; i < 6; i++) {
    sent.push(message(payload(900_000 + i, i), 1 + i % 2, i) as Message);
    for (let j = 0; j < 20; j++) {
      sent.push(message(payload(1 + j * 7, i * 20 + j), 3 + j % 5, 100 + i * 20 + j) as Message);
    }
  }
  const received = receive(peer, sent.length);
  for (const each of sent) client.write(each);
  const bySid = (messages: Message[], sid: number) => messages.filter((each) => each.sid === sid);
  const all = await received;
  for (let sid = 1; sid < 8; sid++) {
    const [expected, got] = [bySid(sent, sid), bySid(all, sid)];
    assert.equal(got.map(({ ppid }) => ppid), expected.map(({ ppid }) => ppid), `stream ${sid}`);
    for (const [i, each] of got.entries()) assert.ok(each.equals(expected[i]!), `message ${each.ppid}`);
  }
  await close();
});

test("both ends send large messages at once", async () => {
  const { client, peer, close } = await connectedPair();
  const done = [client, peer].map(async (socket, seed) => {
    const received = receive(socket, 8);
    for (let i = 0; i < 8; i++) socket.write(message(payload(600_000, seed * 10 + i), i % 3, i));
    for (const got of await received) assert.ok(got.equals(payload(600_000, (1 - seed) * 10 + got.ppid)));
  });
  await Promise.all(done);
  await close();
});

test("a large message for a reader that has stopped is whole when it goes on", async () => {
  const { client, peer, close } = await connectedPair({ server: { highWaterMark: 1000 } });
  peer.pause();
  const sent = new Promise<void>((resolve) => {
    for (let i = 0; i < 5; i++) client.write(message(payload(MIB, i), 0, i), () => i === 4 && resolve());
  });
  const received = receive(peer, 5); // pauses no more
  peer.pause();
  await once(peer, "readable");
  peer.resume();
  for (const [i, got] of (await received).entries()) assert.ok(got.equals(payload(MIB, i)));
  await sent;
  await close();
});

/** Whether an association is still there, for the stack. */
function isKnown(socket: Socket): boolean {
  try {
    return socket.status().state !== undefined;
  } catch {
    return false;
  }
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

test("an abort cuts a message of which the first part waits in the stack: none of it is given", async () => {
  const server = await listening({ pauseOnConnect: true, highWaterMark: 1, recvBufferSize: 64 * 1024 });
  const client = connect(endpointOf(server));
  const [[peer]] = await Promise.all([once(server, "connection"), once(client, "connect")]) as [
    [Socket],
    unknown,
  ];
  const failed = new Promise<NodeJS.ErrnoException>((resolve) => peer.on("error", resolve));
  client.write("x"); // no more than this is taken from the stack before it is read, if that
  const window = client.status().peer.rwnd!;
  client.write(payload(MIB / 2));
  while (client.status().peer.rwnd! > window / 2) await turn();
  client.destroy();
  while (isKnown(peer)) await turn();
  const got: number[] = [];
  peer.on("data", (one) => got.push(one.length)).resume();
  assert.is((await failed).code, "ECONNRESET");
  assert.equal(got, [1]);
  await closed(server);
});

test("a peer that aborts within a large message: none of it is given", async () => {
  const { client, peer, close } = await connectedPair({ client: { maxMessageSize: MIB } });
  const failed = new Promise<NodeJS.ErrnoException>((resolve) => peer.on("error", resolve));
  peer.on("data", () => assert.unreachable("the message was not finished"));
  client.write(payload(32 * MIB)); // more than the peer can have taken by then
  client.destroy();
  // Its first MiB may have come, and more than that is refused.
  assert.ok(["ECONNRESET", "ERR_SCTP_MESSAGE_TOO_LARGE"].includes((await failed).code!));
  await close();
});

test.run();
