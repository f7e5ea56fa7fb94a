/** 'undelivered': whole messages come back that the peer has not acknowledged, each once, before 'error' and 'close'. */
import type { Buffer } from "node:buffer";
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type Message, type Socket, supports, type Undelivered } from "netsctp";
import { skip, stack } from "../helpers/capabilities.ts";
import { noPackets, openToPackets } from "../helpers/encapsulation.ts";
import { message, payload } from "../helpers/messages.ts";
import { closed, connectedPair, endpointOf, listening } from "../helpers/pair.ts";
import { ABORT, DATA, RawPeer } from "../helpers/raw_peer.ts";
import { udpMirror } from "../helpers/udp_mirror.ts";

const STREAMS = 5;

/** Whether the stack gives back what it had where this end gives up by itself. */
const GIVES_BACK = supports("undelivered.givenUp") === true;
if (!GIVES_BACK) skip("what the stack had where this end gives up", String(supports("undelivered.givenUp")));

/** Numbered messages, each on a stream and with an identifier that follow from its number. */
class Numbered {
  count = 0;
  readonly #sizes: readonly number[];

  constructor(...sizes: number[]) {
    this.#sizes = sizes;
  }

  make(number: number): Buffer {
    const bytes = payload(this.#sizes[number % this.#sizes.length]!, number);
    bytes.writeUInt32BE(number);
    return message(bytes, number % STREAMS, 1000 + number);
  }

  write(socket: Socket): boolean {
    return socket.write(this.make(this.count++));
  }

  /** Writes until neither the stack nor the socket takes more. */
  async fill(socket: Socket): Promise<void> {
    let isFull = false;
    while (!isFull) {
      if (this.write(socket)) continue;
      isFull = !await Promise.race([once(socket, "drain"), quiet()]);
    }
  }

  /** The number of one that has come, all of which is checked; of an incomplete one the end is there. */
  numberOf(data: Message, isComplete = true): number {
    const number = data.ppid - 1000;
    const whole = this.make(number);
    assert.is(data.sid, number % STREAMS);
    assert.ok((isComplete ? whole : whole.subarray(-data.length)).equals(data), `message ${number}`);
    assert.is(whole.length === data.length, isComplete);
    return number;
  }

  /** The numbers of what came back, all of which is checked. */
  check(messages: readonly Undelivered[], reason: Undelivered["reason"] = "association"): number[] {
    return messages.map((one) => {
      const { data, isSent, isComplete, ...rest } = one;
      const number = this.numberOf(data, isComplete);
      assert.ok(isSent || isComplete);
      assert.equal(rest, { stream: data.sid, ppid: data.ppid, unordered: false, context: 0, reason });
      return number;
    });
  }
}

/** So many turns of the loop that what can still come, has come. */
async function quiet(): Promise<false> {
  for (let i = 0; i < 200; i++) await new Promise((resolve) => setImmediate(resolve));
  return false;
}

/** What comes back to a socket, and what comes after it. */
function watchReturns(socket: Socket) {
  const returned: Undelivered[] = [];
  const order: string[] = [];
  socket.on("undelivered", (one) => {
    returned.push(one);
    if (order.at(-1) !== "undelivered") order.push("undelivered");
  });
  socket.on("error", (error) => order.push((error as NodeJS.ErrnoException).code!));
  const over = new Promise<void>((resolve) =>
    socket.on("close", () => {
      order.push("close");
      resolve();
    })
  );
  return { returned, order, over };
}

/** They are in the order of writing, on each stream the last ones of those that were written; and unsent ones come after sent ones. */
function checkLast(numbers: readonly number[], written: number, messages: readonly Undelivered[]): void {
  assert.ok(
    numbers.every((number, i) => i === 0 || number > numbers[i - 1]!),
    "in the order of writing, each once",
  );
  for (let stream = 0; stream < STREAMS; stream++) {
    const own = messages.filter((one) => one.stream === stream);
    const all = Array.from({ length: written }, (_, i) => i).filter((i) => i % STREAMS === stream);
    assert.equal(
      numbers.filter((i) => i % STREAMS === stream),
      own.length === 0 ? [] : all.slice(-own.length),
    );
    const firstUnsent = own.findIndex(({ isSent }) => !isSent);
    assert.ok(firstUnsent < 0 || own.slice(firstUnsent).every(({ isSent }) => !isSent));
  }
}

for (
  const [what, sizes] of [["small", [20]], ["large", [100_000]], ["huge", [1_000_000]], ["of all sizes", [
    16,
    3000,
    200_000,
    400,
  ]]] as const
) {
  test(`after an ABORT of the peer: messages ${what}, those of the stack before those of the socket`, async () => {
    const { client, peer, close } = await connectedPair();
    const { returned, order, over } = watchReturns(client);
    peer.on("error", () => {}).pause();
    const numbered = new Numbered(...sizes);
    await numbered.fill(client);
    for (let i = 0; i < 7; i++) numbered.write(client); // which the Writable holds
    client.cork();
    numbered.write(client);
    const ours = client.stats().waiting.messages;
    peer.resetAndDestroy();
    await over;
    const numbers = numbered.check(returned);
    assert.ok(returned.length > ours, "and what the stack had");
    assert.is(numbers.at(-1), numbered.count - 1);
    checkLast(numbers, numbered.count, returned);
    assert.ok(returned.length > 8);
    assert.equal(order, ["undelivered", "ECONNRESET", "close"]);
    await close();
  });
}

test("after a SHUTDOWN of the peer: what it has read and what came back is all that was written", async () => {
  const { client, peer, close } = await connectedPair();
  const { returned, over } = watchReturns(client);
  peer.on("error", () => {}).pause();
  client.resume();
  const numbered = new Numbered(20_000);
  await numbered.fill(client);
  for (let i = 0; i < 7; i++) numbered.write(client);
  const read: number[] = [];
  const hasEnded = once(peer, "close");
  peer.end();
  await quiet(); // the SHUTDOWN is there
  numbered.write(client);
  peer.on("data", (data) => read.push(numbered.numberOf(data))).resume();
  await Promise.all([over, hasEnded]);
  const back = numbered.check(returned);
  assert.ok(returned.every(({ isSent }) => !isSent));
  assert.ok(back.length > 0);
  assert.equal([...read, ...back].sort((a, b) => a - b), Array.from({ length: numbered.count }, (_, i) => i));
  await close();
});

test("messages that waited for an association that could not be", async () => {
  const server = await listening();
  const endpoint = endpointOf(server);
  await closed(server);
  const client = connect(endpoint);
  const { returned, order, over } = watchReturns(client);
  const numbered = new Numbered(100);
  for (let i = 0; i < 9; i++) numbered.write(client);
  await over;
  assert.equal(numbered.check(returned), [0, 1, 2, 3, 4, 5, 6, 7, 8]);
  assert.ok(returned.every(({ isSent }) => !isSent));
  assert.equal(order, ["undelivered", "ECONNREFUSED", "close"]);
});

for (const end of ["destroy", "resetAndDestroy", "abort"] as const) {
  test(`${end}() gives nothing back: the program gives it up`, async () => {
    const { client, peer, close } = await connectedPair();
    const { returned, order, over } = watchReturns(client);
    peer.on("error", () => {}).pause();
    await new Numbered(20_000).fill(client);
    client[end]();
    await over;
    assert.equal([returned.length, order], [0, ["close"]]);
    await close();
  });
}

test("destroy() in a listener that is called for the first one is the end of them", async () => {
  const { client, peer, close } = await connectedPair();
  const { returned, over } = watchReturns(client);
  peer.on("error", () => {}).pause();
  await new Numbered(20_000).fill(client);
  client.once("undelivered", () => client.destroy());
  peer.resetAndDestroy();
  await over;
  assert.is(returned.length, 1);
  await close();
});

test("destroy() in a listener that is called for one that still waited at this end", async () => {
  const { client, peer, close } = await connectedPair();
  const { returned, order, over } = watchReturns(client);
  peer.on("error", () => {}).pause();
  const numbered = new Numbered(20_000);
  await numbered.fill(client);
  const answered = new Promise((resolve) => client.write(numbered.make(numbered.count++), resolve));
  const taken = numbered.count - client.stats().waiting.messages;
  client.on("undelivered", ({ ppid }) => {
    if (ppid - 1000 === taken) client.destroy();
  });
  peer.resetAndDestroy();
  await over;
  assert.is(numbered.check(returned).at(-1), taken);
  assert.equal(order, ["undelivered", "close"]);
  assert.is((await answered as NodeJS.ErrnoException).code, "ERR_STREAM_DESTROYED");
  await close();
});

test("what comes back can be written to another socket, as it is", async () => {
  const [first, second] = [await connectedPair(), await connectedPair()];
  const { over } = watchReturns(first.client);
  const numbered = new Numbered(5000);
  first.peer.on("error", () => {}).pause();
  await numbered.fill(first.client);
  let back = 0;
  first.client.on("undelivered", ({ data }) => {
    back++;
    second.client.write(data);
  });
  const arrived: number[] = [];
  second.peer.on("data", (data) => arrived.push(numbered.numberOf(data)));
  first.peer.resetAndDestroy();
  await over;
  second.client.end();
  await once(second.peer, "end");
  assert.ok(back > 10);
  assert.is(arrived.length, back);
  await first.close();
  await second.close();
});

test("a listener that holds its own messages back has them given up for what was not delivered", async () => {
  const { client, peer, close } = await connectedPair();
  const { returned, over } = watchReturns(client);
  peer.on("error", () => {}).pause();
  client.pause();
  for (let i = 0; i < 50; i++) peer.write(payload(20_000)); // more than it reads ahead
  const numbered = new Numbered(20_000);
  await numbered.fill(client);
  const ours = client.stats().waiting.messages;
  peer.resetAndDestroy();
  await over;
  const numbers = numbered.check(returned);
  checkLast(numbers, numbered.count, returned);
  assert.ok(returned.length > ours, "and what the stack had");
  assert.is(numbers.at(-1), numbered.count - 1);
  await close();
});

test("what a message was sent with comes back with it, whoever held it", async () => {
  const { client, peer, close } = await connectedPair();
  const { returned, over } = watchReturns(client);
  peer.on("error", () => {}).pause();
  const options = { stream: 3, ppid: 60, unordered: true, context: 0xfedcba98 };
  client.write(payload(1000)); // comes first, and keeps the peer's window from being empty
  while (client.send(payload(50_000), options) || await Promise.race([once(client, "drain"), quiet()]));
  for (let i = 0; i < 3; i++) client.send(payload(100), options);
  peer.resetAndDestroy();
  await over;
  const back = returned.filter(({ stream }) => stream === 3);
  assert.ok(back.length > 3);
  for (const { data, isSent, isComplete, reason, ...rest } of back) {
    assert.equal(rest, options);
    assert.equal([data.stream, data.ppid, data.unordered, reason], [3, 60, true, "association"]);
    assert.ok(isComplete || isSent);
  }
  assert.equal(back.slice(-3).map(({ data, isSent }) => [data.length, isSent]), Array(3).fill([100, false]));
  await close();
});

/** A server's socket, connected to a peer of a test's own. */
async function rawPair() {
  const udpPortOf = await openToPackets();
  const server = await listening();
  const raw = await RawPeer.open(server.address()!.port, udpPortOf(server));
  const [[socket]] = await Promise.all([once(server, "connection"), raw.connect(0x1000)]) as [
    [Socket],
    void,
  ];
  const close = () => {
    raw.close();
    return closed(server);
  };
  return { socket, raw, close, ...watchReturns(socket) };
}

test("where a message too large comes: what the stack had, where that can say it, then the rest", async () => {
  const { client, peer, close } = await connectedPair({ client: { maxMessageSize: 1000 } });
  const { returned, order, over } = watchReturns(client);
  peer.pause();
  const numbered = new Numbered(20_000);
  await numbered.fill(client);
  for (let i = 0; i < 7; i++) numbered.write(client);
  const ours = client.stats().waiting.messages;
  client.on("data", () => assert.unreachable("no part of it, and nothing behind it"));
  peer.write(payload(2000));
  peer.write(payload(10));
  await over;
  checkLast(numbered.check(returned), numbered.count, returned);
  assert.is(returned.some(({ isSent }) => isSent), GIVES_BACK);
  if (!GIVES_BACK) assert.ok(returned.length <= ours);
  assert.equal(order, ["undelivered", "ERR_SCTP_MESSAGE_TOO_LARGE", "close"]);
  const error = once(peer, "error");
  peer.resume();
  assert.is((await error)[0].code, "ECONNRESET");
  await close();
});

if (noPackets) skip("what a peer has acknowledged", noPackets);
else {
  /** The TSN of the next DATA chunk. */
  const nextTsn = async (raw: RawPeer) => (await raw.next(DATA)).body.readUInt32BE(0);

  test("what the peer has acknowledged does not come back, what it has only told of does", async () => {
    const { socket, raw, returned, over, close } = await rawPair();
    const tsns: number[] = [];
    for (let i = 0; i < 6; i++) {
      socket.write(message(`message ${i}`, i % 3));
      tsns.push(await nextTsn(raw));
    }
    raw.acknowledge(tsns[1]!, [2, 2], [4, 4]); // the first two, and the fourth and the last
    raw.send(ABORT, 0);
    await over;
    assert.equal(returned.map(({ data }) => data.toString()), [2, 3, 4, 5].map((i) => `message ${i}`));
    assert.ok(returned.every(({ isSent, isComplete }) => isSent && isComplete));
    await close();
  });

  test("of a message in fragments of which some are acknowledged, at least the others come back", async () => {
    const { socket, raw, returned, over, close } = await rawPair();
    const bytes = payload(100_000);
    socket.write(bytes);
    const tsn = await nextTsn(raw);
    await raw.next(DATA);
    raw.acknowledge(tsn);
    raw.send(ABORT, 0);
    await over;
    assert.is(returned.length, 1);
    const [{ data, isComplete, isSent }] = returned as [Undelivered];
    assert.ok(isSent);
    assert.ok(bytes.subarray(-data.length).equals(data));
    assert.is(isComplete, data.length === bytes.length);
    assert.is(isComplete, stack === "kernel"); // which keeps a message until all of it is acknowledged
    await close();
  });

  test("where this end gives up for a stall: first what the stack had, where that can say it, then the rest", async () => {
    const { socket, raw, returned, order, over, close } = await rawPair();
    socket.write("acknowledged");
    raw.acknowledge(await nextTsn(raw));
    const numbered = new Numbered(20_000);
    await numbered.fill(socket);
    for (let i = 0; i < 7; i++) numbered.write(socket);
    const ours = socket.stats().waiting.messages;
    socket.configure({ stallTimeout: 100 });
    await over;
    const numbers = numbered.check(returned);
    checkLast(numbers, numbered.count, returned);
    if (GIVES_BACK) assert.is(numbers.length, numbered.count);
    else assert.ok(numbers.length <= ours);
    assert.is(returned.some(({ isSent }) => isSent), GIVES_BACK);
    assert.equal(order, ["undelivered", "ERR_SCTP_STALLED", "close"]);
    assert.is(socket.closeReason!.reason, "stalled");
    await raw.next(ABORT);
    await close();
  });

  test("what was for a peer that has restarted comes back before the notification of it", async () => {
    const { socket, raw, returned, order, over, close } = await rawPair();
    const restarted = new Promise<void>((resolve) =>
      socket.on("notification", ({ parsed }) => {
        if (parsed.type !== "association-change" || parsed.state !== "restart") return;
        order.push("restart");
        resolve();
      })
    );
    socket.write("one");
    await raw.next(DATA);
    socket.write("two");
    await raw.next(DATA);
    await raw.connect(0x2000);
    await restarted;
    assert.equal(returned.map(({ data, reason }) => `${data} ${reason}`), ["one restart", "two restart"]);
    raw.send(ABORT, 0);
    await over;
    assert.equal(order, ["undelivered", "restart", "ECONNRESET", "close"]);
    assert.is(returned.length, 2);
    await close();
  });
}

if (stack === "kernel") {
  skip("a message given up after it was sent", "the kernel's stack does not tell of it");
} else {
  test("a message that is given up after it was sent comes back while the association goes on", async () => {
    let isCut = false;
    const mirror = await udpMirror((_packet, pass) => isCut || pass());
    const rto = { initial: 100, min: 100, max: 100 };
    const { client, peer, close } = await connectedPair({ client: { udpPort: mirror.port, sctp: { rto } } });
    isCut = true;
    client.send("gone", { maxRetransmits: 0, stream: 2, context: 5 });
    const [{ data, stream, context, isSent, reason }] = await once(client, "undelivered") as [Undelivered];
    assert.equal([data.toString(), stream, context, isSent, reason], ["gone", 2, 5, true, "expired"]);
    isCut = false;
    client.write("here");
    assert.is((await once(peer, "data"))[0].toString(), "here");
    await close();
    mirror.close();
  });
}

test.run();
