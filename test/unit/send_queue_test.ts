/** Batches: what goes into one, what happens when the stack takes only a part, and what its producers learn. */
import { Buffer } from "node:buffer";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { OutboundRecord, Slab } from "../../core/shim/records.ts";
import { runtime } from "../helpers/capabilities.ts";
import { collect } from "../helpers/collect.ts";
import { Heads } from "../../core/association/heads.ts";
import { type Outlet, SendQueue } from "../../core/association/send_queue.ts";

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
  texts.forEach((_, i) => heads.push(sid + i, 100 + sid + i));
  queue.add(heads, texts.map((text) => ({ chunk: Buffer.from(text) })), {
    onSent: (error, bytes) => void told.push(`${name} ${error?.message ?? "sent"} ${bytes}`),
    onRefused: (error, left) => void told.push(`${name} ${error.message}: ${left} left`),
  });
}

function queueOf(...texts: string[]): SendQueue {
  const queue = new SendQueue();
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
  const queue = new SendQueue();
  const payloads = Array.from({ length: 10 }, (_, place) => { // in a function of its own, so that nothing else refers to them
    const chunk = new Uint8Array(64 * 1024).fill(place);
    const heads = new Heads();
    heads.push(0, 0);
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
  const queue = new SendQueue();
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
  const queue = new SendQueue();
  const told: string[] = [];
  add(queue, ["a", "b"], { told, name: "first" });
  add(queue, ["c", "d"], { told, name: "second" });
  assert.is(queue.flush(port, 10), "blocked");
  assert.equal(told, []);
  add(queue, ["e"], { told, name: "third" });
  assert.is(queue.flush(port, 10), "blocked");
  assert.equal([told, queue.bytes], [["first sent 2"], 3]);
  assert.is(queue.flush(port, 10), "done");
  assert.equal([told, queue.bytes], [["first sent 2", "second sent 2", "third sent 1"], 0]);
});

test("a message that is refused costs its producer that one, and nobody else anything", () => {
  const { port, taken } = outlet();
  const queue = new SendQueue();
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
  const queue = new SendQueue();
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
  const queue = new SendQueue();
  const heads = new Heads();
  const producer = { onSent() {}, onRefused() {} };
  const count = 20_000;
  for (let i = 0; i < count + 10; i++) heads.push(i % 10, i);
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
  const queue = new SendQueue();
  const heads = new Heads();
  const chunks = [{ chunk: Buffer.from("x") }];
  let told = 0;
  const count = 100_000; // which took minutes where each answer moved all that wait
  for (let i = 0; i < count; i++) {
    heads.push(0, 0);
    queue.add(heads, chunks, { onSent: () => assert.is(told++, i), onRefused() {} });
  }
  while (queue.length > 0) queue.flush(outlet([100, 0]).port, 10);
  assert.equal([told, queue.bytes], [count, 0]);
});

test("heads that have left leave their memory to the next ones, of whatever queue", () => {
  const [first, second] = [new Heads(), new Heads()];
  for (let i = 0; i < 100; i++) first.push(i, i);
  const memory = first.words;
  first.drop(100);
  assert.is(first.words.length, 0);
  second.push(7, 8);
  assert.is(second.words, memory);
  second.moveTo(first, 1);
  assert.equal([first.words, second.words.length], [memory, 0]);
});

test.run();
