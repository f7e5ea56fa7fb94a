/** Associations over the real stack, without a socket above them: two of one process, which talk with each other. */
import { AsyncResource } from "node:async_hooks";
import { Buffer } from "node:buffer";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { runtime } from "#runtime";
import { Association } from "../../core/association/association.ts";
import type { CloseReason } from "../../core/association/close_reason.ts";
import type { AssociationListener } from "../../core/association/listener.ts";
import type { Message } from "../../core/association/message.ts";
import { Handle } from "../../core/shim/handle.ts";
import {
  type Accepted,
  acceptedOf,
  AcceptedRecord,
  CLOSE,
  CountersRecord,
  encodeRequest,
  type NumberedOption,
  OPTION,
  type Request,
  Slab,
} from "../../core/shim/records.ts";
import type { Undelivered } from "../../core/association/undelivered.ts";
import { Stacks } from "../../core/shim/stacks.ts";
import { blackHole, skip, stack } from "../helpers/capabilities.ts";

const MARK = 64 * 1024;
const loop = new Stacks(runtime).loop(stack);

/** An association, and what it tells. Reads each message at once, unless it holds back. */
class End implements AssociationListener {
  readonly association: Association;
  readonly messages: Message[] = [];
  /** All but messages, in words; a reason as "closed: REASON by WHOM, CODE". */
  readonly told: string[] = [];
  holdsBack = false;
  mostQueued = 0;
  notifications = 0;
  onEach = (_end: this, _what: string) => {};
  #wake = () => {};

  constructor(accepted?: Accepted, { maxMessageSize = 1 << 20 } = {}) {
    const context = new AsyncResource("test");
    this.association = new Association(
      loop,
      { highWaterMark: MARK, maxMessageSize, stallTimeout: 0, socketOptions: [] },
      this,
      context,
      accepted,
    );
  }

  #note(what: string): void {
    if (what !== "message") this.told.push(what);
    this.onEach(this, what);
    this.#wake();
  }

  readonly wantsUndelivered = true;

  onUndelivered({ data, reason }: Undelivered): void {
    this.#note(`${reason}: ${data}`);
  }

  onMessage(message: Message): void {
    this.messages.push(message);
    this.#note("message");
    if (!this.holdsBack) this.association.receiveQueue.consumed(message.length);
  }

  onPiece(): void {}

  onSent(): void {
    this.#note("sent");
  }

  onUp(): void {
    this.#note("up");
  }

  onNotification(): void {
    this.notifications++;
  }

  onClosed({ reason, by }: CloseReason, error?: Error): void {
    const { code, syscall } = (error ?? {}) as NodeJS.ErrnoException;
    this.#note(["closed:", reason, "by", by, code, syscall].filter(Boolean).join(" "));
  }

  get closed(): string[] {
    return this.told.filter((what) => what.startsWith("closed"));
  }

  /** Sends one; its answer is null or the code of the error. */
  send(text: string | Buffer, sid = 0): Promise<string | null> {
    return new Promise((resolve) => {
      const answer = (error: NodeJS.ErrnoException | null) => resolve(error && error.code!);
      this.association.send(Buffer.from(text), { sid }, answer);
      this.mostQueued = Math.max(this.mostQueued, this.association.sender.bytes);
    });
  }

  /** Waits until something has been told that makes this true. */
  async until(isTrue: () => boolean): Promise<void> {
    while (!isTrue()) await new Promise<void>((resolve) => this.#wake = resolve);
  }
}

/** Where a handle that listens is reached, and how to accept. */
function listening(address = "127.0.0.1") {
  const options: NumberedOption[] = stack === "userspace" ? [[OPTION.LOCAL_UDP_PORT, 0]] : [];
  const request = encodeRequest({ options, local: [{ address, port: 0 }] });
  const number = loop.calls.listen(loop.id, request, request.length);
  assert.ok(number > 0, loop.explain());
  let onReady = () => {};
  const handle = new Handle(loop, { onReady: () => onReady() });
  handle.adopt(number);
  const udpPort = handle.udpPort("local");
  const { port } = handle.addresses("local")![0]!;
  const to: Request = {
    options: udpPort === undefined ? [] : [[OPTION.REMOTE_UDP_PORT, udpPort]],
    local: [],
    remote: [{ address, port }],
  };
  const accepted = new Promise<Accepted>((resolve) => {
    const slab = new Slab(AcceptedRecord.SIZE);
    onReady = () => {
      if (loop.calls.accept(number, slab.bytes, slab.size) > 0) {
        resolve(acceptedOf(AcceptedRecord.read(slab, 0)));
      }
    };
  });
  return { to, accepted, close: () => handle.close(CLOSE.RELEASE) };
}

/** Two ends that are up. */
async function pair(options: { maxMessageSize?: number } = {}): Promise<[End, End]> {
  const { to, accepted, close } = listening();
  const client = new End();
  assert.is(client.association.connect(to), 0);
  const peer = new End(await accepted, options);
  await client.until(() => client.told.includes("up"));
  close();
  return [client, peer];
}

function close(...ends: End[]): void {
  for (const { association } of ends) association.close();
}

/** Takes no more from the stack; the messages that are there count as unread. */
async function fillUp(client: End, peer: End): Promise<Promise<string | null>[]> {
  peer.holdsBack = true;
  const answers: Promise<string | null>[] = [];
  const message = Buffer.alloc(16 * 1024, "x");
  client.onEach = () => {
    while (answers.length < 2000 && client.association.sender.bytes < MARK) {
      answers.push(client.send(message));
    }
  };
  client.onEach(client, "");
  await peer.until(() =>
    !peer.association.receiveQueue.isReading || peer.messages.length * message.length >= MARK
  );
  return answers;
}

test("what several producers send arrives, of each in its order; each learns of its own, once", async () => {
  const [client, peer] = await pair();
  const answers: Promise<string | null>[] = [];
  for (let i = 0; i < 100; i++) {
    for (let sid = 0; sid < 3; sid++) answers.push(client.send(`${i}`, sid));
  }
  assert.equal([...new Set(await Promise.all(answers))], [null]);
  await peer.until(() => peer.messages.length === 300);
  for (let sid = 0; sid < 3; sid++) {
    const mine = peer.messages.filter((message) => message.sid === sid).map(String);
    assert.equal(mine, Array.from({ length: 100 }, (_, i) => `${i}`));
  }
  assert.equal([client.association.sender.bytes, client.closed, client.told.includes("sent")], [0, [], true]);
  close(client, peer);
});

test("a stream that the association does not have costs the message that names it", async () => {
  const [client, peer] = await pair();
  const answers = [client.send("a"), client.send("b", 65000), client.send("c", 1)];
  assert.equal(await Promise.all(answers), [null, "EINVAL", null]);
  await peer.until(() => peer.messages.length === 2);
  assert.equal(peer.messages.map(String), ["a", "c"]);
  close(client, peer);
});

test("back pressure: with a reader that holds back no more is queued than the mark allows, and nothing is lost", async () => {
  const [client, peer] = await pair();
  const answers = await fillUp(client, peer);
  peer.holdsBack = false;
  peer.association.receiveQueue.consumed(peer.messages.reduce((sum, { length }) => sum + length, 0));
  await peer.until(() => peer.messages.length === 2000);
  assert.equal([answers.length, ...new Set(await Promise.all(answers))], [2000, null]);
  assert.ok(client.mostQueued < MARK + 16 * 1024, `${client.mostQueued} bytes`);
  close(client, peer);
});

test("close() answers what is queued, and calls nothing else; the peer is told once, and nothing after it", async () => {
  const [client, peer] = await pair();
  const answers = await fillUp(client, peer);
  const late = client.send("waits");
  const before = [...client.told];
  client.onEach = () => {};
  client.association.close();
  assert.is(await late, "ERR_SCTP_DESTROYED");
  assert.is((await Promise.all(answers)).at(-1), "ERR_SCTP_DESTROYED");
  assert.is(await client.send("after it"), "ERR_SCTP_DESTROYED");
  peer.association.receiveQueue.discard();
  await peer.until(() => peer.closed.length > 0);
  assert.equal([peer.told.at(-1), peer.closed.length], ["closed: abort by peer ECONNRESET read", 1]);
  assert.equal(client.told, before);
  assert.is(await peer.send("late"), "ECONNRESET");
  assert.is(peer.association.state, "closed");
});

test("an ABORT of the peer answers what is queued with it", async () => {
  const [client, peer] = await pair();
  const answers = await fillUp(client, peer);
  client.onEach = () => {};
  peer.association.close();
  await client.until(() => client.closed.length > 0);
  assert.is((await Promise.all(answers)).at(-1), "ECONNRESET");
  assert.equal([client.told.at(-1), client.closed.length], ["closed: abort by peer ECONNRESET read", 1]);
});

test("shutdown() begins when all that is queued has left; both ends are told once, in order", async () => {
  const [client, peer] = await pair();
  const answers = Array.from({ length: 200 }, (_, i) => client.send(Buffer.alloc(16 * 1024, i)));
  client.association.shutdown();
  assert.is(client.association.state, "shutdown-pending");
  await peer.until(() => peer.closed.length > 0);
  assert.equal([peer.messages.length, peer.closed], [200, ["closed: shutdown by peer"]]);
  assert.equal([...new Set(await Promise.all(answers))], [null]);
  await client.until(() => client.closed.length > 0);
  assert.equal(client.closed, ["closed: shutdown by local"]);
  assert.equal(await Promise.all([client.send("late"), peer.send("late")]), ["EPIPE", "EPIPE"]);
  close(client, peer);
});

test("what is sent after shutdown() fails, also while the rest is queued, and does not postpone the SHUTDOWN", async () => {
  const [client, peer] = await pair();
  const queued = Array.from({ length: 200 }, (_, i) => client.send(Buffer.alloc(16 * 1024, i)));
  assert.is(client.association.sender.isWaiting, true);
  client.association.shutdown();
  assert.is(await client.send("late"), "ERR_STREAM_WRITE_AFTER_END");
  assert.equal([...new Set(await Promise.all(queued))], [null]);
  await peer.until(() => peer.closed.length > 0);
  assert.is(peer.messages.length, 200);
  const [quiet, other] = await pair();
  quiet.association.shutdown();
  assert.is(await quiet.send("late"), "ERR_STREAM_WRITE_AFTER_END");
  close(client, peer, quiet, other);
});

test("a send() that throws leaves the stream of no other message behind", async () => {
  const [client, peer] = await pair();
  const callback = undefined as unknown as () => void;
  assert.throws(() => client.association.send(Buffer.from("x"), { sid: 7 }, callback), TypeError);
  assert.is(await client.send("a", 1), null);
  await peer.until(() => peer.messages.length > 0);
  assert.equal(peer.messages.map(({ sid }) => sid), [1]);
  close(client, peer);
});

test("a message beyond the limit is the end: nothing behind it is given, and the peer gets an ABORT", async () => {
  const [client, peer] = await pair({ maxMessageSize: 10 });
  for (const text of ["small", "larger than allowed", "small"]) client.send(text);
  await client.until(() => client.closed.length > 0);
  assert.equal(peer.messages.map(String), ["small"]);
  assert.equal(peer.closed, ["closed: message-too-large by local ERR_SCTP_MESSAGE_TOO_LARGE"]);
  assert.equal(client.closed, ["closed: abort by peer ECONNRESET read"]);
  assert.is(peer.association.state, "closed");
});

test("what is sent before it is up leaves then; each attempt that fails is told of once, and another may follow", async () => {
  const gone = listening();
  gone.close();
  const { to, accepted, close: stop } = listening();
  const client = new End();
  const early = client.send("early");
  for (const attempt of [1, 2]) {
    const { options } = to; // that of the other's UDP port, which is open
    assert.is(client.association.connect({ ...gone.to, options }), 0);
    await client.until(() => client.closed.length === attempt);
  }
  assert.equal(client.told, Array(2).fill("closed: refused by peer ECONNREFUSED connect"));
  client.association.connect(to);
  const peer = new End(await accepted);
  assert.is(await early, null);
  await peer.until(() => peer.messages.length > 0);
  assert.equal(peer.messages.map(String), ["early"]);
  stop();
  close(client, peer);
});

test("connect() during an attempt gives that up, and says where the new one goes", async () => {
  const gone = listening();
  gone.close();
  const { to, accepted, close: stop } = listening();
  const client = new End();
  for (const { remote } of [gone.to, to]) {
    assert.is(client.association.connect({ ...to, remote: remote! }), 0);
    assert.equal(client.association.addresses.remote, [{ ...remote![0], family: "IPv4" }]);
  }
  const peer = new End(await accepted);
  await client.until(() => client.told.includes("up"));
  assert.equal(client.told, ["up"]);
  stop();
  close(client, peer);
});

const LATE =
  "what is set during an attempt to connect is the association's once it is up; what is refused throws";
if (blackHole.reason) skip(LATE, blackHole.reason);
else {
  test(LATE, async () => {
    const { to, accepted, close: stop } = listening(blackHole.neighbour);
    const client = new End();
    let number = 0;
    const add = loop.add;
    loop.add = function (handle, waiter) {
      number = handle;
      add.call(this, handle, waiter);
    };
    // Without an address that does not answer, the kernel would be through the handshake before connect() returns.
    const [near] = to.remote!;
    const slowly: Request = {
      options: [[OPTION.RTO_MIN, 100], [OPTION.RTO_INITIAL, 100]],
      remote: [{ ...near!, address: blackHole.host }, near!],
    };
    assert.is(client.association.connect(stack === "kernel" ? slowly : to), 0);
    loop.add = add;
    assert.throws(() => client.association.configure([[OPTION.SACK_DELAY, 501]]), /setsockopt EINVAL.* 500/);
    client.association.configure([[OPTION.HEARTBEAT, 1], [OPTION.HEARTBEAT_INTERVAL, 7000]]);
    client.association.configure([[OPTION.HEARTBEAT_INTERVAL, 5000]]);
    const peer = new End(await accepted);
    await client.until(() => client.told.includes("up"));
    const handle = Object.assign(new Handle(loop, client.association), { number });
    assert.is(handle.option(OPTION.HEARTBEAT_INTERVAL), 5000);
    stop();
    close(client, peer);
  });
}

test("a listener that closes within a call is not called any more", async () => {
  for (const what of ["message", "sent"]) {
    const [client, peer] = await pair();
    const closes = what === "sent" ? client : peer;
    let calls = 0;
    closes.onEach = ({ association }) => {
      calls++;
      association.close();
    };
    for (let i = 0; i < 50; i++) client.send(`${i}`);
    const other = closes === client ? peer : client;
    await other.until(() => other.closed.length > 0);
    assert.is(calls, 1, what);
  }
});

test("close() in onUp() is the last; neither connect() nor abandon() has a place after it", async () => {
  const { to, accepted, close: stop } = listening();
  const client = new End();
  client.onEach = ({ association }) => association.close();
  assert.is(client.association.connect(to), 0);
  await client.until(() => client.told.length > 0);
  assert.equal([client.told, client.notifications], [["up"], 0]);
  assert.throws(() => client.association.connect(to), /bug: an association is closed, not connecting/);
  client.association.abandon();
  loop.calls.close((await accepted).handle, CLOSE.ABORT);
  stop();
});

test("nothing is left open", () => {
  const slab = new Slab(CountersRecord.SIZE);
  loop.calls.counters(slab.bytes, slab.size);
  assert.is(CountersRecord.read(slab, 0).openHandles, 0);
});

test.run();
