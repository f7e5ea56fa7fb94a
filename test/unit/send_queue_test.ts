/** Batches: what goes into one, and what happens when the stack takes only a part. */
import { Buffer } from "node:buffer";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { OutboundRecord, Slab } from "../../core/shim/records.ts";
import { type Outlet, SendQueue } from "../../core/association/send_queue.ts";

interface Taken {
  sid: number;
  ppid: number;
  text: string;
}

/** Takes as many messages a call as `room` says; repeats its last word. */
function outlet(room: number[] = [Infinity]) {
  const taken: Taken[] = [];
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

function queueOf(...texts: string[]): SendQueue {
  const queue = new SendQueue();
  texts.forEach((_, i) => queue.announce(i, 100 + i));
  queue.load(texts.map((text) => ({ chunk: Buffer.from(text) })));
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

test("properties announced before their bytes come are kept for them", () => {
  const { port, taken } = outlet();
  const queue = new SendQueue();
  queue.announce(1, 11);
  queue.announce(2, 22);
  queue.load([{ chunk: Buffer.from("first") }]);
  assert.is(queue.flush(port, 10), "done");
  queue.load([{ chunk: Buffer.from("second") }]);
  assert.is(queue.flush(port, 10), "done");
  assert.equal(taken.map(({ sid, ppid, text }) => [sid, ppid, text]), [[1, 11, "first"], [2, 22, "second"]]);
});

test("properties stay with their bytes however far ahead they are announced", () => {
  const { port, taken } = outlet();
  const queue = new SendQueue();
  const count = 20_000;
  for (let i = 0; i < count + 10; i++) queue.announce(i % 10, i);
  for (let i = 0; i < count; i += 500) {
    queue.load(Array.from({ length: 500 }, (_, k) => ({ chunk: Buffer.from(String(i + k)) })));
    assert.is(queue.flush(port, 10), "done");
  }
  queue.load([{ chunk: Buffer.from(String(count)) }]);
  assert.is(queue.flush(port, 10), "done");
  assert.is(taken.length, count + 1);
  assert.ok(taken.every(({ text, ppid, sid }) => text === String(ppid) && sid === ppid % 10));
});

test.run();
