/** Pieces become messages. */
import { Buffer } from "node:buffer";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Assembler } from "../../core/receive.ts";

test("a message in one piece is given without a copy", () => {
  const piece = Buffer.from("whole");
  const message = new Assembler(100).add(piece, 3, 60, true);
  assert.is(message, piece);
  assert.equal([piece, 3, 60], [piece, (message as { sid: number }).sid, (message as { ppid: number }).ppid]);
});

test("pieces are joined at the last, with its stream and identifier", () => {
  const assembler = new Assembler(100);
  assert.is(assembler.add(Buffer.from("a"), 1, 2, false), "more");
  assert.is(assembler.add(Buffer.from("b"), 1, 2, false), "more");
  assert.is(assembler.add(Buffer.from("c"), 1, 2, true).toString(), "abc");
  assert.is(assembler.add(Buffer.from("next"), 1, 2, true).toString(), "next");
});

test("the limit holds for the whole message, exactly, and frees what was kept", () => {
  const assembler = new Assembler(4);
  assert.is(assembler.add(Buffer.from("1234"), 0, 0, true).toString(), "1234");
  assembler.add(Buffer.from("123"), 0, 0, false);
  assert.is(assembler.add(Buffer.from("45"), 0, 0, false), "too large");
  assert.is(assembler.add(Buffer.from("ok"), 0, 0, true).toString(), "ok");
});

test("reset() drops an unfinished message", () => {
  const assembler = new Assembler(100);
  assembler.add(Buffer.from("lost"), 0, 0, false);
  assembler.reset();
  assert.is(assembler.add(Buffer.from("new"), 0, 0, true).toString(), "new");
});

test.run();
