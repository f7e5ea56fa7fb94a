/** Pieces become messages. */
import { Buffer } from "node:buffer";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { messageOf } from "../../core/association/message.ts";
import { Assembler, Payloads } from "../../core/association/reassembly.ts";
import { FIRST_INBOUND, FLAG, inboundPayload, InboundRecord, KIND, Slab } from "../../core/shim/records.ts";

function pieceOf(text: string, sid = 0, ppid = 0) {
  const { buffer, byteOffset, length } = Buffer.from(text) as Buffer<ArrayBuffer>;
  return messageOf(buffer, byteOffset, length, sid, ppid, false);
}

test("a message in one piece is given without a copy", () => {
  const piece = pieceOf("whole", 3, 60);
  assert.is(new Assembler(100).add(piece, true), piece);
});

test("pieces are joined at the last, with its stream and identifier", () => {
  const assembler = new Assembler(100);
  assert.is(assembler.add(pieceOf("a", 1, 2), false), "more");
  assert.is(assembler.add(pieceOf("b", 1, 2), false), "more");
  assert.is(assembler.add(pieceOf("c", 1, 2), true).toString(), "abc");
  assert.is(assembler.add(pieceOf("next", 1, 2), true).toString(), "next");
});

test("the limit holds for the whole message, exactly, and frees what was kept", () => {
  const assembler = new Assembler(4);
  assert.is(assembler.add(pieceOf("1234"), true).toString(), "1234");
  assembler.add(pieceOf("123"), false);
  assert.is(assembler.add(pieceOf("45"), false), "too large");
  assert.is(assembler.add(pieceOf("ok"), true).toString(), "ok");
});

test("reset() drops an unfinished message", () => {
  const assembler = new Assembler(100);
  assembler.add(pieceOf("lost"), false);
  assembler.reset();
  assert.is(assembler.add(pieceOf("new"), true).toString(), "new");
});

/** A slab as the shim fills it, with messages of these lengths; message i is full of i and has sid i, ppid 100 + i. */
function slabOf(lengths: number[]) {
  const slab = new Slab(256 * 1024);
  const starts: number[] = [];
  let at = FIRST_INBOUND;
  lengths.forEach((length, i) => {
    const size = (InboundRecord.SIZE + length + 7) & ~7;
    const properties = { ppid: 100 + i, sid: i, ssn: 0, tsn: 0, cumulativeTsn: 0, association: 0 };
    InboundRecord.write(slab, at, {
      size,
      kind: KIND.MESSAGE,
      flags: FLAG.END_OF_RECORD,
      length,
      ...properties,
    });
    slab.bytes.fill(i, inboundPayload(at), inboundPayload(at) + length);
    starts.push(at);
    at += size;
  });
  return { slab, starts, end: at };
}

test("payloads are copied: the slab can be filled again, and each is a Buffer with its properties", () => {
  const lengths = [1, 64, 5000, 20_000, 7, 16_000, 300, 90_000, 2];
  const { slab, starts, end } = slabOf(lengths);
  const payloads = new Payloads(slab, end);
  const messages = starts.map((at) => payloads.take(at));
  slab.bytes.fill(255);
  messages.forEach((message, i) => {
    assert.ok(Buffer.isBuffer(message));
    assert.is(message.constructor, Buffer);
    assert.equal([message.length, message.sid, message.ppid], [lengths[i], i, 100 + i]);
    assert.ok(message.equals(Buffer.alloc(lengths[i]!, i)));
  });
});

test("a message that is kept keeps a run of its own order of size, at most 64 KB", () => {
  const lengths = [...Array(1000).fill(64), 30_000, ...Array(50).fill(1000), 70_000];
  const { slab, starts, end } = slabOf(lengths);
  const payloads = new Payloads(slab, end);
  const messages = starts.map((at) => payloads.take(at));
  for (const message of messages) {
    const most = Math.max(message.length, Math.min(16 * 1024 + 16 * message.length, 64 * 1024));
    assert.ok(message.buffer.byteLength <= most, `${message.length} of ${message.buffer.byteLength}`);
  }
  assert.ok(new Set(messages.map(({ buffer }) => buffer)).size < 20, "runs are shared");
});

test.run();
