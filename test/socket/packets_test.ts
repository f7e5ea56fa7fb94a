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

for (const sendBufferSize of [2048, 32 * 1024]) {
  test(`a send buffer of ${sendBufferSize} bytes: all messages of a turn arrive`, async () => {
    const { client, peer, close } = await connectedPair({ client: { sendBufferSize } });
    const received = receive(peer, COUNT);
    for (let i = 0; i < COUNT; i++) client.write(message(payload(64, i), 1, i));
    (await received).forEach((got, i) => {
      assert.is(got.ppid, i);
      assert.ok(got.equals(payload(64, i)));
    });
    await close();
  });
}

test.run();
