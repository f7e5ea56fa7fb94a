/** sctp_darn of lksctp-tools with each of our stacks: what it has counted, and its ABORT. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { createServer, type Socket } from "netsctp";
import { STACKS } from "../helpers/across.ts";
import { skip } from "../helpers/capabilities.ts";
import { missing, userspacePort } from "../helpers/encapsulation.ts";
import { setParameter } from "../helpers/kernel_parameters.ts";
import { closed } from "../helpers/pair.ts";
import { beside, freePort, type Program, start } from "../helpers/programs.ts";

const COUNT = 9, BYTES = 10;

/** What sctp_darn has counted, and the same of ours, when all that was sent is acknowledged. */
async function counts(darn: Program, peer: Socket): Promise<[theirs: number, ours: number][]> {
  while (peer.status().unackdata > 0) await new Promise((resolve) => setImmediate(resolve));
  darn.write("stats\n");
  const [told] = await darn.says(/Retransmitted Chunks[^]*Packets received: \d+\n/);
  const theirs = (what: string) => Number(new RegExp(`^(?:.*> )?${what}: (\\d+)`, "m").exec(told)![1]);
  const ours = peer.stats();
  return [
    [theirs("Ordered data chunks received"), ours.messagesOut],
    [theirs("Ordered data chunks sent"), ours.messagesIn],
    [theirs("SACKs sent"), ours.sacksIn!],
    [theirs("SACKs received"), ours.sacksOut!],
    [theirs("Retransmitted Chunks"), ours.duplicates!],
    [theirs("Gap Acknowledgements Received"), 0],
    [theirs("Packets sent"), ours.packetsIn!],
    [theirs("Packets received"), ours.packetsOut!],
  ];
}

for (const stack of STACKS) {
  const name = `${stack}: sctp_darn has counted what stats() has, and its ABORT says why`;
  if (missing) {
    skip(name, missing);
    continue;
  }
  test(name, async () => {
    const server = createServer({ stack, sctp: { sack: { freq: 1 } } }); // nothing is on its way when they are compared
    server.listen({ host: "127.0.0.1", port: 0, ...(stack === "userspace" && { udpPort: userspacePort }) });
    await once(server, "listening");
    setParameter("encap_port", 0);
    const local = ["-H", "127.0.0.1", "-P", String(await freePort())];
    const remote = ["-h", "127.0.0.1", "-p", String(server.address()!.port)];
    setParameter("encap_port", stack === "userspace" ? userspacePort : 0);
    const connection = once(server, "connection");
    await beside(start(["sctp_darn", ...local, ...remote, "-s", "-I"]), async (darn) => {
      darn.write(`snd=${BYTES}\n`);
      const [peer] = await connection as [Socket];
      peer.on("error", () => {}); // it aborts, also where this fails
      assert.is((await once(peer, "data"))[0].length, BYTES);
      await darn.says(/COMM_UP/);
      // The packet that makes the association brings a message along, and the answer is nobody's yet in userspace.
      const before = await counts(darn, peer);
      for (let i = 1; i < COUNT; i++) peer.write("x");
      await new Promise((resolve) => peer.write("x", resolve)); // the stack has them all
      darn.write(`snd=${BYTES}\n`);
      await once(peer, "data");
      const after = await counts(darn, peer);
      const between = after.map((pair, i) => pair.map((count, side) => count - before[i]![side]!));
      const [received, sent, ...others] = between;
      assert.equal([received, sent], [[COUNT, COUNT], [1, 1]]);
      for (const [theirs, ours] of others) assert.is(theirs, ours);
      const failed = once(peer, "error");
      darn.write("abort\n");
      const [{ code, closeReason: { causeData: _, ...rest } }] = await failed;
      assert.is(code, "ECONNRESET");
      assert.equal(rest, { reason: "abort", by: "peer", causeCode: 12, causeName: "User-Initiated Abort" });
    });
    await closed(server);
  });
}

test.run();
