/** Waking: everyone ready is told, whatever a handler does; refs are counted. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { once } from "node:events";
import process from "node:process";
import { Loop } from "../../core/shim/loop.ts";
import { fakeRuntime } from "./fake_runtime.ts";

/** A loop whose next takes give these handles, all readable. */
function loopWith(handles: number[]) {
  const runtime = fakeRuntime({
    kernel: {
      calls: {
        take(_loop, out) {
          const words = new Uint32Array(out.buffer, out.byteOffset, out.length / 4);
          const count = handles.length;
          handles.splice(0).forEach((handle, i) => words.set([handle, 1], i * 2));
          return count;
        },
      },
    },
  });
  return { runtime, loop: new Loop("kernel", runtime.load("kernel"), runtime.warn) };
}

test("each ready handle's waiter is called once, in order; unknown handles are passed over", () => {
  const { runtime, loop } = loopWith([7, 8, 9]);
  const called: number[] = [];
  for (const handle of [9, 7]) loop.add(handle, { onReady: () => called.push(handle) });
  runtime.wake("kernel");
  assert.equal(called, [7, 9]);
});

test("a waiter that throws keeps no other from its turn, and its error reaches the process", async () => {
  const { runtime, loop } = loopWith([1, 2]);
  let second = false;
  loop.add(1, {
    onReady: () => {
      throw new Error("a handler's");
    },
  });
  loop.add(2, { onReady: () => void (second = true) });
  const caught = once(process, "uncaughtException");
  runtime.wake("kernel");
  assert.is(second, true);
  assert.is((await caught)[0].message, "a handler's");
});

test("a waiter that yields its turn gets another one later", async () => {
  const { runtime, loop } = loopWith([1]);
  let turns = 0;
  await new Promise<void>((resolve) => {
    const waiter = {
      onReady: () => {
        if (++turns === 3) resolve();
        else loop.yieldTurn(waiter);
      },
    };
    loop.add(1, waiter);
    runtime.wake("kernel");
    assert.is(turns, 1, "not within the same turn");
  });
  assert.is(turns, 3);
});

test("the process is kept alive from the first ref to the last unref", () => {
  const { runtime, loop } = loopWith([]);
  loop.ref();
  loop.ref();
  loop.unref();
  assert.equal(runtime.refs, [true]);
  loop.unref();
  loop.ref();
  assert.equal(runtime.refs, [true, false, true]);
});

test("the same warning is given once, another one too", () => {
  const { runtime, loop } = loopWith([]);
  for (const message of ["one", "another", "one"]) loop.warnOnce(message, "A_CODE");
  assert.equal(runtime.warnings.map(({ message }) => message), ["one", "another"]);
});

test.run();
