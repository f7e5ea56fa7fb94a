/** Batches: what goes into one, what happens when the stack takes only a part, and what its producers learn. */
import { Buffer } from "node:buffer";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { PLAIN, planSend } from "../../core/options/send_options.ts";
import { AddressRecord, FLAG, OutboundRecord, POLICY, Slab } from "../../core/shim/records.ts";
import { runtime } from "../helpers/capabilities.ts";
import { collect } from "../helpers/collect.ts";
import { Heads } from "../../core/association/heads.ts";
import { type Outlet, SendQueue } from "../../core/association/send_queue.ts";
import type { Undelivered } from "../../core/association/undelivered.ts";
import { plain } from "../helpers/send_plans.ts";

interface Taken {
  sid: number;
  ppid: number;
  text: string;
}

/** Takes as many messages a call as `room` says; repeats its last word. */
function outlet(room: number[] = [Infinity], taken: Taken[] = []) {
  const calls: number[] = [];
  const next = () => room.length > 1 ? room.shift()! : room[0]!;
  const batch = new Slab(64 * 1024);
  const port: Outlet = {
    batch,
    send(bytes, count) {
      const limit = next();
      calls.push(count);
      if (limit < 0) return limit;
      let at = 0;
      const now = Math.min(limit, count);
      for (let i = 0; i < count; i++) {
        const length = OutboundRecord.length(batch, at);
        const start = at + OutboundRecord.SIZE;
        if (i < now) {
          taken.push({
            sid: OutboundRecord.sid(batch, at),
            ppid: OutboundRecord.ppid(batch, at),
            text: batch.bytes.toString("latin1", start, start + length),
          });
        }
        at += OutboundRecord.size(batch, at);
      }
      assert.is(at, bytes);
      return now;
    },
    sendOne(_head, payload) {
      const limit = next();
      calls.push(1);
      if (limit > 0) taken.push({ sid: 0, ppid: 0, text: `large ${payload.length}` });
      return Math.min(limit, 1);
    },
  };
  return { port, taken, calls };
}

/** Adds messages: number i on stream `sid + i`. What their producer learns goes to `told`. */
function add(queue: SendQueue, texts: string[], { sid = 0, told = [] as string[], name = "" } = {}): void {
  const heads = new Heads();
  texts.forEach(({ length }, i) => heads.push(plain(sid + i, 100 + sid + i), length));
  queue.add(heads, texts.map((text) => ({ chunk: Buffer.from(text) })), {
    onSent: (error, bytes) => void told.push(`${name} ${error?.message ?? "sent"} ${bytes}`),
    onRefused: (error, left) => void told.push(`${name} ${error.message}: ${left} left`),
  });
}

function queueOf(...texts: string[]): SendQueue {
  const queue = new SendQueue(() => {});
  add(queue, texts);
  return queue;
}

test("small messages leave in one call, in order, with their properties", () => {
  const { port, taken, calls } = outlet();
  assert.is(queueOf("a", "bb", "ccc").flush(port, 10), "done");
  assert.equal(calls, [3]);
  assert.equal(taken, [
    { sid: 0, ppid: 100, text: "a" },
    { sid: 1, ppid: 101, text: "bb" },
    { sid: 2, ppid: 102, text: "ccc" },
  ]);
});

test("what has left is not referred to any more, although something waits behind it", async () => {
  const { port } = outlet([1, 1, 1, 1, 1, 1, 1, 1, 0]);
  const queue = new SendQueue(() => {});
  const payloads = Array.from({ length: 10 }, (_, place) => { // in a function of its own, so that nothing else refers to them
    const chunk = new Uint8Array(64 * 1024).fill(place);
    const heads = new Heads();
    heads.push(plain(0, 0), chunk.length);
    const producer = { onSent: () => assert.is(chunk[0], place), onRefused() {} }; // the producer refers to it as well
    queue.add(heads, [{ chunk }], producer);
    return new WeakRef(chunk);
  });
  assert.is(queue.flush(port, 10), "blocked");
  await new Promise((resolve) => setImmediate(resolve)); // until then a WeakRef keeps what it was made of
  collect();
  const left = payloads.map((payload) => payload.deref() !== undefined);
  assert.equal(left.slice(8), [true, true]);
  const most = runtime === "bun" ? 2 : 0; // Bun's collector takes a number on the stack for a reference now and then
  assert.ok(left.slice(0, 8).filter(Boolean).length <= most, `${left} are still referred to`);
});

test("what the stack has no room for stays, and goes on from there", () => {
  const { port, taken } = outlet([2, 0, Infinity]);
  const queue = queueOf("a", "b", "c", "d");
  assert.is(queue.flush(port, 10), "blocked");
  assert.is(queue.flush(port, 10), "done");
  assert.equal(taken.map(({ text, sid }) => [text, sid]), [["a", 0], ["b", 1], ["c", 2], ["d", 3]]);
});

test("a short count may hide a failure: it is asked again at once", () => {
  const { port } = outlet([1, -32]);
  assert.is(queueOf("a", "b").flush(port, 10), -32);
});

test("a large message goes by itself, between the small ones before and after it", () => {
  const { port, taken, calls } = outlet();
  assert.is(queueOf("a", "x".repeat(40_000), "b").flush(port, 10), "done");
  assert.equal(calls, [1, 1, 1]);
  assert.equal(taken.map(({ text }) => text), ["a", "large 40000", "b"]);
});

test("more than one batch is sent in several calls", () => {
  const { port, taken, calls } = outlet();
  assert.is(queueOf("x".repeat(30_000), "y".repeat(30_000), "z".repeat(30_000)).flush(port, 10), "done");
  assert.equal(calls, [2, 1]);
  assert.is(taken.length, 3);
});

test("a stream that does not exist stops there; what came before has left", () => {
  const { port, taken } = outlet();
  const queue = queueOf("a", "b", "c");
  assert.is(queue.flush(port, 2), "bad stream");
  assert.is(queue.stuckStream, 2);
  assert.equal(taken.map(({ text }) => text), ["a", "b"]);
});

test("empty messages are passed over", () => {
  const { port, taken } = outlet();
  assert.is(queueOf("", "a", "", "").flush(port, 10), "done");
  assert.equal(taken.map(({ text, ppid }) => [text, ppid]), [["a", 101]]);
});

test("what two producers add leaves together, in the order in which they added it, and each learns of its own", () => {
  const { port, taken, calls } = outlet();
  const queue = new SendQueue(() => {});
  const told: string[] = [];
  add(queue, ["a", "b"], { sid: 1, told, name: "first" });
  add(queue, ["c"], { sid: 7, told, name: "second" });
  add(queue, ["d"], { sid: 3, told, name: "first" });
  assert.is(queue.flush(port, 10), "done");
  assert.equal(calls, [4]);
  assert.equal(taken.map(({ text, sid, ppid }) => [text, sid, ppid]), [
    ["a", 1, 101],
    ["b", 2, 102],
    ["c", 7, 107],
    ["d", 3, 103],
  ]);
  assert.equal(told, ["first sent 2", "second sent 1", "first sent 1"]);
});

test("a producer learns of it when the stack has all that it added, however far the stack goes at a time", () => {
  const { port } = outlet([1, 0, 2, 0, Infinity]);
  const queue = new SendQueue(() => {});
  const told: string[] = [];
  add(queue, ["a", "b"], { told, name: "first" });
  add(queue, ["c", "d"], { told, name: "second" });
  assert.is(queue.flush(port, 10), "blocked");
  assert.equal(told, []);
  add(queue, ["e"], { told, name: "third" });
  assert.is(queue.flush(port, 10), "blocked");
  assert.equal([told, queue.bytes], [["first sent 2"], 2]);
  assert.is(queue.flush(port, 10), "done");
  assert.equal([told, queue.bytes], [["first sent 2", "second sent 2", "third sent 1"], 0]);
});

test("what waits and what the stack has taken is counted to the byte, also where a part of a batch goes", () => {
  const { port } = outlet([1, 2, 0, Infinity]);
  const queue = new SendQueue(() => {});
  const counts = () => [queue.length, queue.bytes, queue.sentMessages, queue.sentBytes];
  add(queue, ["aaaa", "", "bb", "c", "ddd"]); // an empty one is not sent
  add(queue, ["eeeee", "ffffff"]);
  assert.equal(counts(), [7, 21, 0, 0]);
  assert.is(queue.flush(port, 10), "blocked");
  assert.equal(counts(), [3, 14, 3, 7]);
  queue.fail(new Error("no"));
  assert.equal(counts(), [2, 11, 3, 7]);
  assert.is(queue.flush(port, 1), "bad stream");
  queue.refuse(new Error("no such stream"));
  assert.equal(counts(), [0, 0, 4, 12]);
});

test("a message that is refused costs its producer that one, and nobody else anything", () => {
  const { port, taken } = outlet();
  const queue = new SendQueue(() => {});
  const told: string[] = [];
  add(queue, ["a", "bbb", "c"], { sid: 1, told, name: "first" });
  add(queue, ["d"], { told, name: "second" });
  for (let result = queue.flush(port, 2); result !== "done"; result = queue.flush(port, 2)) {
    assert.is(result, "bad stream");
    queue.refuse(new Error("no stream"));
  }
  assert.equal(taken.map(({ text }) => text), ["a", "d"]);
  assert.equal(told, ["first no stream: 2 left", "first no stream: 1 left", "first sent 1", "second sent 1"]);
});

test("a failure costs its producer all that it added with it; the others' leaves", () => {
  const { port, taken } = outlet([1, -90, Infinity]);
  const queue = new SendQueue(() => {});
  const told: string[] = [];
  add(queue, ["a", "b", "c"], { told, name: "first" });
  add(queue, ["d"], { sid: 5, told, name: "second" });
  assert.is(queue.flush(port, 10), -90);
  queue.fail(new Error("too long"));
  assert.is(queue.flush(port, 10), "done");
  assert.equal(taken.map(({ text, sid }) => [text, sid]), [["a", 0], ["d", 5]]);
  assert.equal(told, ["first too long 3", "second sent 1"]);
});

test("heads stay with their bytes however far ahead they were encoded, and however much waits", () => {
  const { port, taken } = outlet([300, 0, 600, 0, 900, 0]);
  const queue = new SendQueue(() => {});
  const heads = new Heads();
  const producer = { onSent() {}, onRefused() {} };
  const count = 20_000;
  for (let i = 0; i < count + 10; i++) heads.push(plain(i % 10, i), String(i).length);
  for (let i = 0; i < count; i += 500) {
    queue.add(
      heads,
      Array.from({ length: 500 }, (_, k) => ({ chunk: Buffer.from(String(i + k)) })),
      producer,
    );
    queue.flush(port, 10);
  }
  queue.add(heads, [{ chunk: Buffer.from(String(count)) }], producer);
  assert.is(queue.flush(outlet([Infinity], taken).port, 10), "done");
  assert.is(taken.length, count + 1);
  assert.ok(taken.every(({ text, ppid, sid }, i) => text === String(i) && ppid === i && sid === i % 10));
});

test("of very many that add one each, some at a time, each is answered in its turn", () => {
  const queue = new SendQueue(() => {});
  const heads = new Heads();
  const chunks = [{ chunk: Buffer.from("x") }];
  let told = 0;
  const count = 100_000; // which took minutes where each answer moved all that wait
  for (let i = 0; i < count; i++) {
    heads.push(plain(0, 0), 1);
    queue.add(heads, chunks, { onSent: () => assert.is(told++, i), onRefused() {} });
  }
  while (queue.length > 0) queue.flush(outlet([100, 0]).port, 10);
  assert.equal([told, queue.bytes], [count, 0]);
});

test("heads that have left leave their memory to the next ones, of whatever queue", () => {
  const [first, second] = [new Heads(), new Heads()];
  for (let i = 0; i < 100; i++) first.push(plain(i, i), 1);
  const memory = first.words;
  first.drop(100);
  assert.is(first.words.length, 0);
  second.push(plain(7, 8), 1);
  assert.is(second.words, memory);
  second.moveTo(first, 1);
  assert.equal([first.words, second.words.length], [memory, 0]);
});

/** Waits until so many milliseconds are over, by the clock that deadlines go by. */
async function pass(ms: number): Promise<void> {
  const end = performance.now() + ms;
  while (performance.now() <= end) await new Promise((resolve) => setTimeout(resolve, 1));
}

/** Longer than a busy machine may take from adding messages to looking at them. */
const LIFE = 300;

/** Adds messages with a time to live each, 0 for none. */
function addMortal(queue: SendQueue, texts: string[], lives: number[], told: string[]): void {
  const heads = new Heads();
  lives.forEach((timeToLive, i) =>
    heads.push(
      planSend(timeToLive ? { timeToLive, context: i, ppid: i } : { ppid: i }, "", PLAIN),
      texts[i]!.length,
    )
  );
  queue.add(heads, texts.map((text) => ({ chunk: Buffer.from(text) })), {
    onSent: (_error, bytes) => void told.push(`sent ${bytes}`),
    onRefused: (error, left) => void told.push(`${(error as NodeJS.ErrnoException).code}, ${left} left`),
  });
}

test("what has lived too long is left out, also between others, and its memory given up at once", async () => {
  const { port, taken } = outlet([0, Infinity]);
  const expired: Undelivered[] = [];
  const queue = new SendQueue((message) => void expired.push(message));
  const told: string[] = [];
  addMortal(queue, ["a", "bb", "ccc"], [0, LIFE, 60_000], told);
  addMortal(queue, ["dddd"], [LIFE], told);
  assert.is(queue.flush(port, 10), "blocked");
  assert.equal([told, queue.bytes], [[], 10]);
  await pass(LIFE);
  queue.expire();
  assert.equal(told, ["ERR_SCTP_EXPIRED, 2 left", "ERR_SCTP_EXPIRED, 1 left"]);
  assert.equal([queue.bytes, queue.length], [4, 4]); // their places are passed over in their turn
  assert.equal(
    expired.map((
      { data, context, isSent, isComplete, reason },
    ) => [String(data), context, isSent, isComplete, reason]),
    [
      ["bb", 1, false, true, "expired"],
      ["dddd", 0, false, true, "expired"],
    ],
  );
  assert.is(queue.flush(port, 10), "done");
  assert.equal(taken.map(({ text }) => text), ["a", "ccc"]);
  assert.equal(told.slice(2), ["sent 4", "sent 0"]);
  assert.is(queue.earliestDeadline, Infinity);
});

test("the first ones that have lived too long are answered without a flush", async () => {
  const queue = new SendQueue(() => {});
  const told: string[] = [];
  addMortal(queue, ["a", "b"], [5, 5], told);
  addMortal(queue, ["c"], [0], told);
  await pass(5);
  queue.expire();
  assert.equal([told.slice(2), queue.length], [["sent 0"], 1]);
});

test("the stack goes by what is left of a time to live, by the other limits as they are", async () => {
  const records: number[][] = [];
  const { port } = outlet();
  const { batch } = port;
  const queue = new SendQueue(() => {});
  const heads = new Heads();
  heads.push(planSend({ timeToLive: 60_000 }, "", PLAIN), 1);
  heads.push(planSend({ maxRetransmits: 3, stream: 2, unordered: true }, "", PLAIN), 2);
  heads.push(planSend({ destination: "192.0.2.1", key: 7, context: 9 }, "", PLAIN), 3);
  heads.push(PLAIN, 4);
  const chunks = ["a", "bb", "ccc", "dddd"].map((text) => ({ chunk: Buffer.from(text) }));
  queue.add(heads, chunks, { onSent() {}, onRefused() {} });
  await pass(10);
  const send = (_bytes: number, count: number) => {
    for (let at = 0, i = 0; i < count; i++, at += OutboundRecord.size(batch, at)) {
      const { policy, policyValue, flags, sid, keyNumber, context, length } = OutboundRecord.read(batch, at);
      records.push([policy, policyValue, flags, sid, keyNumber, context, length]);
      if (flags & FLAG.DESTINATION) {
        assert.is(AddressRecord.read(batch, at + OutboundRecord.SIZE).text, "192.0.2.1");
        const payload = at + OutboundRecord.SIZE + AddressRecord.SIZE;
        assert.is(batch.bytes.toString("latin1", payload, payload + length), "ccc");
      }
    }
    return count;
  };
  assert.is(queue.flush({ ...port, send }, 10), "done");
  const left = records[0]![1]!;
  assert.ok(left > 50_000 && left <= 59_990, `${left} ms`);
  assert.equal(records, [
    [POLICY.TIME_TO_LIVE, left, 0, 0, 0, 0, 1],
    [POLICY.RETRANSMISSIONS, 3, FLAG.UNORDERED, 2, 0, 0, 2],
    [POLICY.NONE, 0, FLAG.KEY | FLAG.DESTINATION, 0, 7, 9, 3],
    [POLICY.NONE, 0, 0, 0, 0, 0, 4],
  ]);
});

test("extras stay with their messages, however far ahead they were encoded, and however much waits", () => {
  const contexts: number[] = [];
  const { port } = outlet();
  const { batch } = port;
  const limits = [7, 0, 300];
  const send = (_bytes: number, count: number) => {
    const taken = Math.min(count, limits.length > 0 ? limits.shift()! : Infinity);
    for (let at = 0, i = 0; i < taken; i++, at += OutboundRecord.size(batch, at)) {
      assert.is(
        OutboundRecord.context(batch, at),
        OutboundRecord.ppid(batch, at) % 3 ? 0 : OutboundRecord.ppid(batch, at),
      );
      contexts.push(OutboundRecord.ppid(batch, at));
    }
    return taken;
  };
  const queue = new SendQueue(() => {});
  const heads = new Heads();
  const count = 20_000;
  for (let i = 0; i < count + 10; i++) {
    heads.push(planSend(i % 3 ? { ppid: i } : { ppid: i, context: i }, "", PLAIN), 1);
  }
  for (let i = 0; i < count; i += 500) {
    queue.add(heads, Array(500).fill({ chunk: Buffer.from("x") }), { onSent() {}, onRefused() {} });
    queue.flush({ ...port, send }, 10);
  }
  while (queue.length > 0) queue.flush({ ...port, send }, 10);
  assert.equal(contexts, [...Array(count).keys()]);
});

test.run();
