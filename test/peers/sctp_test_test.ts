/** sctp_test of lksctp-tools, both ways: sizes around the fragmentation point, streams, PPIDs, ordered and not. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type Message, type Socket } from "netsctp";
import { watch } from "../helpers/events.ts";
import { message, payload, write } from "../helpers/messages.ts";
import { closed, endpointOf, listening, LOOPBACKS } from "../helpers/pair.ts";
import { beside, freePort, start } from "../helpers/programs.ts";
import { receivedBy, sentBy, textOf } from "../helpers/sctp_test.ts";

const ORDERED = "1";
const MIXED = "2";

function sender(host: string, port: number, localPort: number, more: string[]): string[] {
  const ends = ["-H", host, "-P", String(localPort), "-h", host, "-p", String(port)];
  return ["sctp_test", ...ends, "-s", "-d", "2", ...more];
}

const byStream = (a: { sid: number }, b: { sid: number }) => a.sid - b.sid;

const CASES: [name: string, host: string, more: string[]][] = [
  ["1 to 32768 bytes on 5 streams", LOOPBACKS[0], ["-c", "4", "-x", "3", "-M", "5", "-o", ORDERED, "-T"]],
  ["the same over IPv6", LOOPBACKS[1], ["-c", "4", "-x", "3", "-M", "5", "-o", ORDERED, "-T"]],
  ["random sizes, one-to-many socket", LOOPBACKS[0], ["-c", "6", "-x", "2", "-M", "3", "-o", ORDERED]],
  ["multiples of a fragment, half of them unordered", LOOPBACKS[0], [
    "-c",
    "1",
    "-x",
    "2",
    "-o",
    MIXED,
    "-T",
  ]],
];

for (const [name, host, more] of CASES) {
  test(`sctp_test sends ${name}`, async () => {
    const server = await listening({}, host);
    const connection = once(server, "connection");
    const port = await freePort(host);
    await beside(start(sender(host, endpointOf(server).port, port, more)), async (program) => {
      const [peer] = await connection as [Socket];
      // Not before its first message: one that has left before it was accepted can only be known from those.
      let remotePort: number | undefined;
      peer.once("data", () => remotePort = peer.remotePort);
      const contents: Message[] = [];
      peer.on("data", (data) => contents.push(data));
      const life = watch(peer);
      await life.closed;
      assert.is(remotePort, port);
      await program.succeeds();
      const sent = sentBy(program.text);
      assert.ok(sent.length >= 10, program.text);
      const isOrdered = more.includes(ORDERED);
      const compare = (a: typeof sent[0], b: typeof sent[0]) => isOrdered ? byStream(a, b) : a.ppid - b.ppid;
      assert.equal(life.messages.toSorted(compare), sent.toSorted(compare));
      for (const data of contents) assert.ok(data.equals(textOf(data.length)));
      assert.equal(life.events, ["end", "close"]);
    });
    await closed(server);
  });
}

for (const host of LOOPBACKS) {
  test(`sctp_test receives at ${host}: every stream and PPID as we set them`, async () => {
    const port = await freePort(host);
    await beside(
      start(["sctp_test", "-H", host, "-P", String(port), "-l", "-T", "-d", "2"]),
      async (program) => {
        await program.says(/accept\(/);
        const socket = connect({ host, port, OS: 10 });
        const life = watch(socket);
        const sizes = [1, 2, 1000, 1452, 1453, 20_000, 32_768, 3];
        const plan = sizes.map((length, i) => ({ length, sid: i % 3, ppid: 0xfffffff0 + i }));
        for (const { length, sid, ppid } of plan) await write(socket, message(payload(length), sid, ppid));
        socket.end();
        await program.says(/COMMUNICATION_UP[^]*outstr=10[^]*SHUTDOWN_COMPLETE/);
        await life.closed;
        assert.equal(life.events, ["end", "close"]);
        const received = receivedBy(program.text);
        assert.equal(received.map(({ length }) => length).toSorted(), sizes.toSorted());
        const told = received.filter((one) => "sid" in one);
        assert.is(told.length, sizes.length - 1);
        assert.equal(told.toSorted(byStream), plan.slice(1).toSorted(byStream));
      },
    );
  });
}

test.run();
