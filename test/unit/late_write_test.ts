/** A write into an association that is over, of which nobody has read yet: what is read next answers it. */
import { Buffer } from "node:buffer";
import { setImmediate } from "node:timers";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Association } from "../../core/association/association.ts";
import { Outbox } from "../../core/association/outbox.ts";
import { Slab } from "../../core/shim/records.ts";

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** What became of a write that the stack answered with EPIPE. */
async function written(keepsUp: boolean, end?: Error): Promise<Error | null | undefined> {
  const association = {
    state: "open",
    outboundStreams: 1,
    inbox: { keepsUp },
    owner: { writableNeedDrain: false },
    updateRef() {},
    loop: {
      calls: { send: () => -32 },
      outbox: new Slab(1024),
      errorName: () => "EPIPE",
      error: () => Object.assign(new Error("write EPIPE"), { code: "EPIPE" }),
    },
  };
  const outbox = new Outbox(association as unknown as Association);
  let answer: Error | null | undefined;
  outbox.announce(0, 0);
  outbox.write([{ chunk: Buffer.from("late") }], (error) => void (answer = error));
  await turn();
  if (end) outbox.cancel(end);
  await turn();
  return answer;
}

test("it waits for the end that is about to be read", async () => {
  assert.is(await written(true), undefined);
});

test("and fails as the association did", async () => {
  const aborted = new Error("read ECONNRESET");
  assert.is(await written(true, aborted), aborted);
});

test("behind a reader that holds everything back it fails at once: remote ended", async () => {
  assert.is((await written(false))?.message, "remote ended");
});

test.run();
