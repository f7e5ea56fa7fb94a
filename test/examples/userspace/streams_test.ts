/** examples/streams_without_blocking: over a relay, which is SCTP over UDP, hence in userspace only. */
import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { example, interrupt, PAIRS, portOf } from "../../helpers/examples.ts";
import { beside } from "../../helpers/programs.ts";

const udpPort = process.env.NETSCTP_UDP_PORT!;
const SENT = Array.from({ length: 12 }, (_, i) => String(i + 1));

for (const [receiverRuntime, senderRuntime] of PAIRS) {
  test(`${senderRuntime} sends to ${receiverRuntime}: of four streams one waits, and a single one waits altogether`, () =>
    beside(example(receiverRuntime, "streams_without_blocking/receiver.ts", udpPort), async (receiver) => {
      await portOf(receiver);
      await beside(example(senderRuntime, "streams_without_blocking/sender.ts", udpPort), async (sender) => {
        await sender.succeeds();
        assert.is(sender.text, 'the network loses "message 5."\n'.repeat(2));
      });
      const [, order, overtook] = await receiver.says(/^4 stream\(s\): (.*)\n +(\d+) did not have to wait/m);
      const numbers = order!.split(" ");
      assert.equal(numbers.toSorted((a, b) => Number(a) - Number(b)), SENT);
      assert.ok(numbers.indexOf("6") < numbers.indexOf("5"), order); // another stream
      assert.ok(numbers.indexOf("5") < numbers.indexOf("9"), order); // the same one
      assert.ok(Number(overtook) > 0);
      await receiver.says(new RegExp(`^1 stream\\(s\\): ${SENT.join(" ")}\n +0 did not have to wait`, "m"));
      await interrupt(receiver);
    }));
}

test.run();
