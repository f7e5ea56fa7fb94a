/** iperf3 --sctp as client and as server: its count of bytes and ours are the same. */
import { once } from "node:events";
import { createServer } from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { run, serve } from "../helpers/iperf3.ts";
import { LOOPBACKS } from "../helpers/pair.ts";
import { beside, start } from "../helpers/programs.ts";

const LENGTH = 8192;
const BYTES = 60 * LENGTH;

async function freeTcpPort(): Promise<number> {
  const server = createServer().listen(0, "::");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

function client(host: string, port: number, more: string[]): string[] {
  return ["iperf3", "-c", host, "-p", String(port), "--sctp", "-l", String(LENGTH), "-J", ...more];
}

for (const host of LOOPBACKS) {
  test(`iperf3 -c sends to ${host}: every byte arrives`, async () => {
    const { port, report } = await serve(host);
    await beside(start(client(host, port, ["-n", String(BYTES)])), async (iperf3) => {
      const { theirs, ours, lives } = await report;
      await iperf3.succeeds();
      assert.ok(theirs >= BYTES); // it sends a block more at times
      assert.is(ours, theirs);
      assert.ok(lives[0]!.messages.every(({ length }) => length === LENGTH));
      assert.equal(lives[0]!.events, ["end", "close"]);
    });
  });

  test(`iperf3 -s at ${host} receives: every byte arrives`, async () => {
    const port = await freeTcpPort();
    const command = ["iperf3", "-s", "-1", "-p", String(port), "-i", "0.1", "--forceflush"];
    await beside(start(command), async (iperf3) => {
      await iperf3.says(/Server listening/);
      // What it has not read when the test ends it does not count, so that has to wait. Its intervals are exact:
      // fewer than 1000 KBytes, in whole KBytes.
      const allRead = async () => {
        for (let bytes = 0; bytes < BYTES;) {
          const [, amount, kilo] = await iperf3.says(/ sec +([0-9.]+) (K?)Bytes/);
          bytes += Number(amount) * (kilo ? 1024 : 1);
        }
      };
      const { theirs, ours, lives } = await run({
        host,
        port,
        bytes: BYTES,
        length: LENGTH,
        reverse: false,
        allRead,
      });
      await iperf3.succeeds();
      assert.is(ours, BYTES);
      assert.is(theirs, BYTES);
      assert.equal(lives[0]!.events, ["end", "close"]);
    });
  });
}

test("iperf3 -c with two associations at once", async () => {
  const { port, report } = await serve("127.0.0.1");
  await beside(start(client("127.0.0.1", port, ["-n", String(BYTES), "-P", "2"])), async (iperf3) => {
    const { theirs, ours, lives } = await report;
    await iperf3.succeeds();
    assert.is(theirs, ours);
    assert.ok(ours >= BYTES);
    for (const { bytes, events } of lives) {
      assert.ok(bytes > 0);
      assert.equal(events, ["end", "close"]);
    }
  });
});

test("iperf3 -c -R: we send for a second; it leaves with messages unread or with none", async () => {
  const { port, report } = await serve("127.0.0.1");
  await beside(start(client("127.0.0.1", port, ["-R", "-t", "1"])), async (iperf3) => {
    const { theirs, ours, lives } = await report;
    await iperf3.succeeds();
    assert.ok(theirs > 0);
    assert.ok(theirs <= ours, `${theirs} received, ${ours} written`);
    assert.match(lives[0]!.events.join(), /^(end|ECONNRESET),close$/);
  });
});

test("iperf3 -s sends (-R): all that it has sent arrives before 'end'", async () => {
  const port = await freeTcpPort();
  await beside(start(["iperf3", "-s", "-1", "-p", String(port), "--forceflush"]), async (iperf3) => {
    await iperf3.says(/Server listening/);
    const { theirs, ours, lives } = await run({
      host: "127.0.0.1",
      port,
      bytes: BYTES,
      length: LENGTH,
      reverse: true,
    });
    await iperf3.succeeds();
    assert.is(ours, theirs);
    assert.equal(lives[0]!.events, ["end", "close"]);
  });
});

test.run();
