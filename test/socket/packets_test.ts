/** What is written together leaves together: messages of one turn share packets, and none waits for others in vain. */
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { skip, stack } from "../helpers/capabilities.ts";
import { message, payload, receive } from "../helpers/messages.ts";
import { connectedPair } from "../helpers/pair.ts";

const COUNT = 400;
const SHARED = "messages of one turn share packets";

/** SCTP packets that this network namespace has sent. */
function packetsSent(): number {
  const [, count] = /^SctpOutSCTPPacks\s+(\d+)$/m.exec(readFileSync("/proc/net/sctp/snmp", "utf8"))!;
  return Number(count);
}

if (stack === "userspace") skip(SHARED, "nothing counts the packets of the userspace stack");
else {
  test(SHARED, async () => {
    const { client, peer, close } = await connectedPair();
    const received = receive(peer, COUNT);
    const before = packetsSent();
    for (let i = 0; i < COUNT; i++) client.write(message(payload(100, i), i % 10, i));
    const messages = await received;
    assert.ok(packetsSent() - before < COUNT / 4, `${packetsSent() - before} packets`);
    // Order holds within a stream; of one turn and one association nothing else is promised.
    for (const { ppid, sid, length } of messages) assert.ok(sid === ppid % 10 && length === 100);
    await close();
  });
}

// What the kernel charges for a message differs by its version, and decides where the buffer is full.
const SIZES = [1, 8, 16, 32, 64];
const BUFFERS = [["2 KB", 2048], ["32 KB", 32 * 1024], ["the default's bytes", undefined]] as const;

for (const [buffer, sendBufferSize] of BUFFERS) {
  // More than the buffer holds.
  const count = sendBufferSize ? 400 : 3000;
  for (const size of SIZES) {
    test(`a send buffer of ${buffer}, messages of ${size}: all of a turn arrive, in their order`, async () => {
      const { client, peer, close } = await connectedPair({ client: { sendBufferSize } });
      const received = receive(peer, count);
      for (let i = 0; i < count; i++) client.write(message(payload(size, i), 1, i));
      (await received).forEach((got, i) => {
        assert.is(got.ppid, i);
        assert.ok(got.equals(payload(size, i)));
      });
      await close();
    });
  }
}

test.run();
