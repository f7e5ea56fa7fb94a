/** A reader that stops holds its peer up, whatever the peer has to send; when it goes on, all of it arrives. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Socket } from "netsctp";
import { Memory } from "../helpers/memory.ts";
import { message, payload, receive } from "../helpers/messages.ts";
import { connectedPair } from "../helpers/pair.ts";

const SIZE = 16 * 1024;
const COUNT = 7000; // 115 MB
// Both ends' stacks and streams together.
const MOST_BUFFERED = 16 * 2 ** 20;
const HIGH_WATER_MARK = 50_000;
// What one receive call may bring beyond it.
const BATCH = 256 * 1024;

/** So many answers of another association: what was to happen at once has happened by then. */
async function roundTrips(client: Socket, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    client.write("tick");
    await receive(client, 1);
  }
}

test("a peer with 115 MB to send is held up, and memory stays flat, until the reader goes on", async () => {
  const other = await connectedPair();
  other.peer.on("data", (tick) => other.peer.write(tick));
  const { client, peer, close } = await connectedPair({ server: { highWaterMark: HIGH_WATER_MARK } });
  const memory = new Memory();
  const bytes = payload(SIZE);
  let sent = 0;
  const fill = () => {
    while (sent < COUNT && client.write(message(bytes, 1, sent++)));
    memory.look();
  };
  const heldUp = () => {
    assert.ok(sent * SIZE < MOST_BUFFERED, `${sent} messages went out although nobody read`);
    const waiting = peer.readableLength * SIZE;
    assert.ok(waiting < HIGH_WATER_MARK + BATCH, `${waiting} bytes wait for the reader`);
    assert.ok(client.writableLength > 0);
    assert.ok(client.writableNeedDrain);
  };
  client.on("drain", fill);
  peer.pause();
  fill();
  for (let before = -1; before !== sent;) {
    before = sent;
    await roundTrips(other.client, 50);
  }
  heldUp();
  await roundTrips(other.client, 100);
  heldUp();

  let received = 0;
  await new Promise<void>((resolve, reject) => {
    client.on("error", reject);
    peer.on("error", reject).on("data", (got) => {
      if (got.ppid !== received || got.length !== SIZE) reject(new Error(`${got.ppid} after ${received}`));
      if (++received % 100 === 0) memory.look();
      if (received === COUNT) resolve();
    });
    peer.resume();
  });
  assert.is(memory.problem, undefined);
  await close();
  await other.close();
});

test.run();
