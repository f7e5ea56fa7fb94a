/** A reader that stops slows its writer down; memory stays bounded, nothing is lost. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { message, payload } from "../helpers/messages.ts";
import { connectedPair } from "../helpers/pair.ts";

const SIZE = 8_000;

test("write() says false when the reader stops, 'drain' comes when it goes on", async () => {
  const { client, peer, close } = await connectedPair({ server: { highWaterMark: 64_000 } });
  peer.pause();
  let sent = 0;
  const limit = 200_000; // far above what both ends may buffer
  while (sent < limit && client.write(message(payload(SIZE), sent % 5, sent))) {
    sent++;
    await new Promise((resolve) => setImmediate(resolve)); // lets what was sent arrive
  }
  sent++; // the one that was told to be the last was taken too
  assert.ok(sent < limit, "the writer was never slowed down");
  const drained = once(client, "drain");
  let received = 0;
  const all = new Promise<void>((resolve) => {
    peer.on("data", (got) => {
      assert.is(got.length, SIZE);
      if (++received === sent) resolve();
    });
  });
  peer.resume();
  await Promise.all([drained, all]);
  await close();
});

test("callbacks of writes come in order, each once", async () => {
  const { client, peer, close } = await connectedPair();
  peer.resume();
  const order: number[] = [];
  const last = new Promise<void>((resolve) => {
    for (let i = 0; i < 500; i++) {
      client.write(payload(300, i), undefined, () => {
        order.push(i);
        if (i === 499) resolve();
      });
    }
  });
  await last;
  assert.equal(order, [...Array(500).keys()]);
  await close();
});

test.run();
