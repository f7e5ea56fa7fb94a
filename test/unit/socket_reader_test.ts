/** The reading side of a socket before there is an association. */
import { Duplex } from "node:stream";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ReceiveQueue } from "../../core/association/receive_queue.ts";
import { SocketReader } from "../../core/net/socket_reader.ts";

/** How often a queue is asked for more. */
function countingQueue() {
  const asked = { times: 0 };
  const queue = { request: () => void asked.times++ } as unknown as ReceiveQueue;
  return { asked, queue };
}

test("what was asked for while the library was being fetched is asked of the queue, once", () => {
  const reader = new SocketReader(new Duplex({ read() {} }), undefined);
  const { asked, queue } = countingQueue();
  reader.request();
  reader.start(queue);
  assert.is(asked.times, 1);
});

test("a queue is not asked by who has not asked", () => {
  const reader = new SocketReader(new Duplex({ read() {} }), undefined);
  const { asked, queue } = countingQueue();
  reader.start(queue);
  assert.is(asked.times, 0);
  reader.request();
  assert.is(asked.times, 1);
});

test.run();
