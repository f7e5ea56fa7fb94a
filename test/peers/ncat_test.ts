/** ncat --sctp, both ways. */
import { Buffer } from "node:buffer";
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type Socket } from "netsctp";
import { watch } from "../helpers/events.ts";
import { message, payload } from "../helpers/messages.ts";
import { closed, endpointOf, listening, LOOPBACKS } from "../helpers/pair.ts";
import { beside, freePort, start } from "../helpers/programs.ts";

for (const host of LOOPBACKS) {
  test(`ncat connects to ${host}: lines both ways, then its end`, async () => {
    const server = await listening({}, host);
    const connection = once(server, "connection");
    await beside(start(["ncat", "--sctp", host, String(endpointOf(server).port)]), async (ncat) => {
      ncat.write("question\n");
      const [peer] = await connection as [Socket];
      const life = watch(peer);
      const [question] = await once(peer, "data");
      assert.is(question.toString(), "question\n");
      peer.write(message("answer\n", 9, 51));
      await ncat.says(/answer/);
      ncat.end();
      await life.closed;
      assert.equal(life.events, ["end", "close"]);
    });
    await closed(server);
  });

  test(`ncat listens at ${host}: it prints what is sent, answers, and ends when we do`, async () => {
    const port = await freePort(host);
    await beside(start(["ncat", "--sctp", "-v", "-l", host, String(port)]), async (ncat) => {
      await ncat.says(/Listening on/);
      const socket = connect({ host, port });
      const life = watch(socket);
      const sent = [Buffer.from("hello\n"), payload(50_000), payload(1), payload(1400)];
      for (const [i, data] of sent.entries()) socket.write(message(data, i, i));
      await ncat.says(/hello/);
      ncat.write("from ncat\n");
      const [answer] = await once(socket, "data");
      assert.is(answer.toString(), "from ncat\n");
      socket.end();
      await life.closed;
      await ncat.succeeds();
      // Streams are in no order among each other.
      const all = sent.map((data) => data.toString("latin1"));
      assert.is(ncat.stdout.length, sent.reduce((sum, { length }) => sum + length, 0));
      assert.ok(all.every((data) => ncat.stdout.toString("latin1").includes(data)));
      assert.equal(life.events, ["end", "close"]);
    });
  });
}

test("ncat --send-only and at once: all of its input arrives before 'end'", async () => {
  const server = await listening();
  const connection = once(server, "connection");
  const bytes = payload(200_000);
  const command = ["ncat", "--sctp", "--send-only", "127.0.0.1", String(endpointOf(server).port)];
  await beside(start(command), async (ncat) => {
    ncat.end(bytes);
    const [peer] = await connection as [Socket];
    const got: Buffer[] = [];
    peer.on("data", (data) => got.push(data));
    const life = watch(peer);
    await Promise.all([life.closed, ncat.succeeds()]);
    assert.ok(Buffer.concat(got).equals(bytes), `${life.bytes} bytes came`);
    assert.equal(life.events, ["end", "close"]);
  });
  await closed(server);
});

test.run();
