/** When what is queued leaves, and why it cannot: a sender over calls that answer what a test says. */
import { Buffer } from "node:buffer";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Heads } from "../../core/association/heads.ts";
import type { State } from "../../core/association/lifecycle.ts";
import { Sender, type SendHandle, type SendPort } from "../../core/association/sender.ts";
import { Slab } from "../../core/shim/records.ts";

const NAMES: Record<number, string> = { 32: "EPIPE", 90: "EMSGSIZE", 12: "ENOMEM" };

/** @param answer what the stack says to a batch of so many messages */
function senderOver(answer: (count: number) => number) {
  const port: SendPort & { state: State; isReading: boolean; progress: number; bufferSize: number } = {
    state: "established",
    outboundStreams: 10,
    isReading: true,
    progress: 0,
    bufferSize: 1000,
    configure([row]) {
      port.bufferSize = Math.min(row![1] as number, 5000);
      return 0;
    },
    onSent: () => void port.progress++,
  };
  const handle: SendHandle = {
    batch: new Slab(64 * 1024),
    send: (_bytes, count) => answer(count),
    sendOne: () => answer(1),
    option: () => port.bufferSize,
    loop: {
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
  return { port, sender: new Sender(handle, port) };
}

/** Queues one message; what became of it is appended to `told`. */
function add(sender: Sender, text: string, told: Array<string | undefined>, sid = 0): void {
  const heads = new Heads();
  heads.push(sid, 0);
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
  sender.flush();
  assert.equal([counts, told], [[], []]);
  port.state = "established";
  sender.flush();
  assert.equal([counts, told, sender.isWaiting, port.progress], [[2], [undefined, undefined], false, 1]);
});

test("what the stack has no room for waits for the next flush", () => {
  const room = [1, 0, 2];
  const { sender } = senderOver(() => room.shift()!);
  const told: Array<string | undefined> = [];
  for (const text of ["a", "b", "c"]) add(sender, text, told);
  sender.flush();
  assert.equal([told, sender.isWaiting], [[undefined], true]);
  sender.flush();
  assert.equal([told, sender.isWaiting], [[undefined, undefined, undefined], false]);
});

test("a stream that the association does not have is refused, and the rest leaves", () => {
  const { sender } = senderOver((count) => count);
  const told: Array<string | undefined> = [];
  add(sender, "a", told, 10);
  add(sender, "b", told, 9);
  sender.flush();
  assert.match(told[0]!, /^refused: write EINVAL: stream 10 does not exist/);
  assert.equal(told.slice(1), [undefined, undefined]);
});

test("a write into an association that is over waits for the end that is about to be read", () => {
  const { sender } = senderOver(LATE);
  const told: Array<string | undefined> = [];
  add(sender, "late", told);
  sender.flush();
  assert.equal([told, sender.isWaiting], [[], true]);
  sender.cancel(() => new Error("read ECONNRESET"));
  assert.equal(told, ["read ECONNRESET"]);
});

test("behind a reader that holds everything back it fails at once: remote ended", () => {
  const { sender, port } = senderOver(LATE);
  const told: Array<string | undefined> = [];
  port.isReading = false;
  add(sender, "late", told);
  sender.flush();
  assert.equal(told, ["remote ended"]);
});

test("and as soon as the reader begins to hold back", () => {
  const { sender } = senderOver(LATE);
  const told: Array<string | undefined> = [];
  sender.endIsHeldBack();
  add(sender, "late", told);
  sender.flush();
  sender.endIsHeldBack();
  assert.equal(told, ["remote ended"]);
});

test("after the peer's SHUTDOWN all that is queued fails", () => {
  const { sender, port } = senderOver(() => assert.unreachable() as never);
  const told: Array<string | undefined> = [];
  port.state = "ended";
  add(sender, "a", told);
  add(sender, "b", told);
  sender.flush();
  assert.equal(told, ["remote ended", "remote ended"]);
});

test("the send buffer grows for a message that does not fit, as far as the system lets it", () => {
  const { sender, port } = senderOver(() => port.bufferSize >= 2000 ? 1 : -90);
  const told: Array<string | undefined> = [];
  add(sender, "x".repeat(2000), told);
  sender.flush();
  assert.equal([told, port.bufferSize], [[undefined], 2000]);
});

test("one that cannot fit fails alone, and says what the limit is", () => {
  const answers = [-90, 1];
  const { sender } = senderOver(() => answers.shift()!);
  const told: Array<string | undefined> = [];
  add(sender, "x".repeat(6000), told);
  add(sender, "b", told);
  sender.flush();
  assert.match(told[0]!, /a message of 6000 bytes does not fit .* larger than 5000 bytes: send smaller/);
  assert.equal(told.slice(1), [undefined]);
});

test("an error of the stack fails what the message was added with", () => {
  const answers = [-12, 1];
  const { sender } = senderOver(() => answers.shift()!);
  const told: Array<string | undefined> = [];
  add(sender, "a", told);
  add(sender, "b", told);
  sender.flush();
  assert.equal(told, ["write ENOMEM", undefined]);
});

test.run();
