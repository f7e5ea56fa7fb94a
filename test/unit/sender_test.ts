/** When what is queued leaves, and why it cannot: a sender over calls that answer what a test says. */
import { Buffer } from "node:buffer";
import { nextTick } from "node:process";
import { setImmediate } from "node:timers";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Heads } from "../../core/association/heads.ts";
import type { State } from "../../core/association/lifecycle.ts";
import { Sender, type SendHandle, type SendPort } from "../../core/association/sender.ts";
import { PLAIN, planSend, type SendOptions } from "../../core/options/send_options.ts";
import { plain } from "../helpers/send_plans.ts";
import { Slab } from "../../core/shim/records.ts";
import type { Undelivered } from "../../core/association/undelivered.ts";

const NAMES: Record<number, string> = {
  12: "ENOMEM",
  32: "EPIPE",
  90: "EMSGSIZE",
  95: "EOPNOTSUPP",
  99: "EADDRNOTAVAIL",
};

/** @param answer what the stack says to a batch of so many messages */
function senderOver(answer: (count: number) => number) {
  const returned: string[] = [];
  const receiveQueue = { isReading: true, discard: () => void (receiveQueue.isReading = true) };
  const listener = { wantsUndelivered: false };
  const port: SendPort & {
    state: State;
    receiveQueue: { isReading: boolean };
    listener: { wantsUndelivered: boolean };
    progress: number;
  } = {
    state: "established",
    receiveQueue,
    listener,
    progress: 0,
    addresses: { remote: [{ address: "192.0.2.1" }], forgetRemote() {} },
    onFlushed: (isLess) => void (isLess && port.progress++),
    onUndelivered: ({ data }: Undelivered) => void returned.push(data.toString()),
  };
  const buffer = { size: 1000 };
  const handle: SendHandle = {
    batch: new Slab(64 * 1024),
    send: (_bytes, count) => answer(count),
    sendOne: () => answer(1),
    configure([row]) {
      buffer.size = Math.min(row![1] as number, 5000);
      return 0;
    },
    option: () => buffer.size,
    loop: {
      sentBytes: 0,
      stack: "userspace",
      errorName: (errno) => NAMES[errno]!,
      error: (result, syscall, context) =>
        Object.assign(new Error(context?.detail ?? `${syscall} ${NAMES[-result]}`), {
          code: NAMES[-result]!,
          errno: result,
          syscall,
        }),
    },
  };
  const sender = new Sender(handle, port);
  sender.outboundStreams = 10;
  return { port, sender, buffer, returned };
}

const tick = () => new Promise<void>((resolve) => nextTick(resolve));

/** Queues one message; what became of it is appended to `told`. */
function add(sender: Sender, text: string, told: Array<string | undefined>, sid = 0): void {
  const heads = new Heads();
  heads.push(plain(sid), text.length);
  sender.add(heads, [{ chunk: Buffer.from(text) }], {
    onSent: (error) => void told.push(error?.message),
    onRefused: (error) => void told.push(`refused: ${error.message}`),
  });
}

const LATE = () => -32;

test("before the association is up nothing leaves; then all of it, at the next flush", () => {
  const counts: number[] = [];
  const { sender, port } = senderOver((count) => counts.push(count) && count);
  const told: Array<string | undefined> = [];
  port.state = "connecting";
  add(sender, "a", told);
  add(sender, "b", told);
  assert.equal([counts, told, sender.bytes], [[], [], 2]);
  port.state = "established";
  sender.flush();
  assert.equal([counts, told, sender.bytes, port.progress], [[2], [undefined, undefined], 0, 1]);
});

test("the first message of a tick leaves at once, the others together at its end, whoever has added them", async () => {
  const counts: number[] = [];
  const { sender, port } = senderOver((count) => counts.push(count) && count);
  const told: Array<string | undefined> = [];
  for (const text of ["a", "b", "c", "d"]) add(sender, text, told);
  assert.equal([counts, told.length, sender.bytes], [[1], 1, 3]);
  await tick();
  assert.equal([counts, told.length, sender.bytes, port.progress], [[1, 3], 4, 0, 2]);
});

test("a producer that adds a message for each that has left does not keep the event loop from its turn", async () => {
  const { sender } = senderOver((count) => count);
  let sent = 0;
  let isOver = false;
  const again = () => {
    if (isOver) return;
    const heads = new Heads();
    heads.push(plain(), 1);
    const onSent = () => void (sent++, nextTick(again));
    sender.add(heads, [{ chunk: Buffer.from("x") }], { onSent, onRefused() {} });
  };
  again();
  await new Promise<void>((resolve) => setImmediate(resolve));
  isOver = true;
  assert.ok(sent >= 100 && sent < 2000, `${sent} messages`);
});

test("what the stack has no room for waits until there is some, with all that is added meanwhile", async () => {
  const room = [1, 0, 3];
  const { sender } = senderOver(() => room.shift()!);
  const told: Array<string | undefined> = [];
  add(sender, "a", told);
  add(sender, "b", told);
  await tick();
  await tick();
  add(sender, "c", told);
  add(sender, "d", told);
  assert.equal([told, room, sender.bytes], [[undefined], [3], 3]);
  sender.onWritable();
  assert.equal([told.length, sender.isWaiting], [4, false]);
});

test("a stream that the association does not have is refused, and the rest leaves", async () => {
  const { sender } = senderOver((count) => count);
  const told: Array<string | undefined> = [];
  add(sender, "a", told, 10);
  add(sender, "b", told, 9);
  await tick();
  assert.match(told[0]!, /^refused: write EINVAL: stream 10 does not exist/);
  assert.equal(told.slice(1), [undefined, undefined]);
});

test("a write into an association that is over waits for the end that is about to be read", () => {
  const { sender } = senderOver(LATE);
  const told: Array<string | undefined> = [];
  add(sender, "late", told);
  assert.equal([told, sender.isWaiting], [[], true]);
  sender.stop(() => new Error("read ECONNRESET"), false);
  assert.equal(told, ["read ECONNRESET"]);
});

test("behind a reader that holds everything back it fails at once: remote ended", () => {
  const { sender, port } = senderOver(LATE);
  const told: Array<string | undefined> = [];
  port.receiveQueue.isReading = false;
  add(sender, "late", told);
  assert.equal(told, ["remote ended"]);
});

test("who wants back what was not delivered has the end read, before which that comes", async () => {
  const { sender, port, returned } = senderOver(LATE);
  const told: Array<string | undefined> = [];
  port.receiveQueue.isReading = false;
  port.listener.wantsUndelivered = true;
  add(sender, "late", told);
  assert.equal([told, port.receiveQueue.isReading], [[], true]);
  sender.stop(() => new Error("read ECONNRESET"), true);
  add(sender, "later", told);
  await tick();
  assert.equal([told, returned, sender.bytes], [Array(2).fill("read ECONNRESET"), ["late", "later"], 0]);
});

test("and as soon as the reader begins to hold back", () => {
  const { sender, port } = senderOver(LATE);
  const told: Array<string | undefined> = [];
  sender.endIsHeldBack();
  add(sender, "late", told);
  port.receiveQueue.isReading = false;
  sender.endIsHeldBack();
  assert.equal(told, ["remote ended"]);
});

test("once stopped it fails all that is queued and all that is added, for the first reason it was given", () => {
  const { sender, port } = senderOver(() => assert.unreachable() as never);
  const told: Array<string | undefined> = [];
  port.state = "connecting";
  add(sender, "a", told);
  add(sender, "b", told);
  sender.stop(() => new Error("over"), false);
  port.state = "ended";
  add(sender, "c", told);
  sender.stop(() => new Error("closed"), false);
  add(sender, "d", told);
  assert.equal([told, sender.bytes], [Array(4).fill("over"), 0]);
});

test("the send buffer grows for a message that does not fit, as far as the system lets it", () => {
  const { sender, buffer } = senderOver(() => buffer.size >= 2000 ? 1 : -90);
  const told: Array<string | undefined> = [];
  add(sender, "x".repeat(2000), told);
  assert.equal([told, buffer.size], [[undefined], 2000]);
});

test("one that cannot fit fails alone, and says what the limit is", async () => {
  const answers = [-90, 1];
  const { sender } = senderOver(() => answers.shift()!);
  const told: Array<string | undefined> = [];
  add(sender, "x".repeat(6000), told);
  add(sender, "b", told);
  await tick();
  assert.match(told[0]!, /a message of 6000 bytes does not fit .* larger than 5000 bytes: send smaller/);
  assert.equal(told.slice(1), [undefined]);
});

test("an error of the stack fails what the message was added with", async () => {
  const answers = [-12, 1];
  const { sender } = senderOver(() => answers.shift()!);
  const told: Array<string | undefined> = [];
  add(sender, "a", told);
  add(sender, "b", told);
  await tick();
  assert.equal(told, ["write ENOMEM", undefined]);
});

test("a listener that closes the association, of the message that failed, is the end of it", () => {
  const { sender, port } = senderOver(() => -12);
  const told: Array<string | undefined> = [];
  port.listener.wantsUndelivered = true;
  port.onUndelivered = () => sender.stop(() => new Error("closed"), false);
  add(sender, "a", told);
  assert.equal([told, sender.isWaiting], [["closed"], false]);
});

/** Queues one message with what it is sent with. */
function addWith(sender: Sender, options: SendOptions, told: Array<string | undefined>): void {
  const heads = new Heads();
  heads.push(planSend(options, "", PLAIN), 1);
  sender.add(heads, [{ chunk: Buffer.from("x") }], {
    onSent: (error) => void told.push(error?.message),
    onRefused: (error) => void told.push((error as NodeJS.ErrnoException).code),
  });
}

test("a message whose time is over is answered although the stack has no room, or there is no association", async () => {
  const process = setInterval(() => {}, 1000); // goes on by associations, not by their timers
  for (const state of ["established", "connecting"] as const) {
    const { sender, port } = senderOver(() => 0);
    const told: Array<string | undefined> = [];
    const undelivered = new Promise((resolve) => port.onUndelivered = resolve);
    port.state = state;
    addWith(sender, { timeToLive: 60_000 }, []);
    sender.onWritable();
    addWith(sender, { timeToLive: 5 }, told); // behind one that lives longer
    await undelivered;
    assert.equal([told, sender.bytes], [["ERR_SCTP_EXPIRED"], 1]);
    sender.stop(() => new Error("over"), false);
    assert.is(sender.isWaiting, false);
  }
  clearInterval(process);
});

test("what cannot be had is refused by itself: an address that is not the peer's, what the stack does not have", async () => {
  const answers = [-99, 1, -95, 1];
  const { sender } = senderOver(() => answers.shift()!);
  const told: Array<string | undefined> = [];
  addWith(sender, { destination: "192.0.2.9" }, told);
  addWith(sender, {}, told);
  await tick();
  addWith(sender, { priority: 1 }, told);
  await tick();
  addWith(sender, {}, told);
  await tick();
  assert.equal(told, [
    "ERR_SCTP_UNKNOWN_ADDRESS",
    undefined,
    undefined,
    "ERR_SCTP_UNSUPPORTED",
    undefined,
    undefined,
  ]);
});

test("a destination that the peer has just removed concerns its message alone", async () => {
  const answers = [-99, 1];
  const { sender, port } = senderOver(() => answers.shift()!);
  const told: Array<string | undefined> = [];
  const remote = [{ address: "192.0.2.1" }, { address: "192.0.2.9" }];
  Object.assign(port, { addresses: { remote, forgetRemote: () => void remote.pop() } });
  addWith(sender, { destination: "192.0.2.9" }, told);
  addWith(sender, {}, told);
  await tick();
  assert.equal(told, ["ERR_SCTP_UNKNOWN_ADDRESS", undefined, undefined]);
});

test.run();
