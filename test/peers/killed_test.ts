/** Peers killed in the middle of it: what their kernel says then is what the socket reports. */
import { Buffer } from "node:buffer";
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type Socket } from "netsctp";
import { watch } from "../helpers/events.ts";
import { payload } from "../helpers/messages.ts";
import { closed, endpointOf, listening } from "../helpers/pair.ts";
import { beside, freePort, start } from "../helpers/programs.ts";

test("a sender is killed: what it had sent arrives, then 'end', for its kernel ends in order", async () => {
  const server = await listening();
  const connection = once(server, "connection");
  const address = `SCTP4-CONNECT:127.0.0.1:${endpointOf(server).port}`;
  await beside(start(["socat", "-u", "/dev/zero", address]), async (socat) => {
    const [peer] = await connection as [Socket];
    const life = watch(peer);
    await once(peer, "data");
    socat.kill("SIGKILL");
    await life.closed;
    assert.is((await socat.ended).signal, "SIGKILL");
    assert.ok(life.bytes > 0);
    assert.equal(life.events, ["end", "close"]);
  });
  await closed(server);
});

test("a receiver is killed with unread messages: ECONNRESET, and no write's callback is forgotten", async () => {
  const port = await freePort();
  const address = `SCTP4-LISTEN:${port},bind=127.0.0.1`;
  await beside(start(["socat", "-d", "-d", "-u", address, "OPEN:/dev/null"]), async (socat) => {
    await socat.says(/listening on/);
    const socket = connect({ host: "127.0.0.1", port });
    const life = watch(socket);
    await once(socket, "connect");
    await socat.says(/starting data transfer loop/);
    socat.kill("SIGSTOP"); // so that it reads no more
    let written = 0;
    const outcomes: (Error | null | undefined)[] = [];
    const chunk = payload(20_000);
    do written++; while (socket.write(chunk, undefined, (error) => outcomes.push(error)));
    // More than both ends' buffers hold, so that the last cannot have left before the peer is gone.
    for (let i = 0; i < 500; i++, written++) socket.write(chunk, undefined, (error) => outcomes.push(error));
    socat.kill("SIGKILL");
    await life.closed;
    assert.equal(life.events, ["ECONNRESET", "close"]);
    assert.is(outcomes.length, written);
    assert.ok(outcomes.at(-1));
  });
});

test("an echo peer is killed mid-transfer both ways: one error or one end, and close", async () => {
  for (let round = 0; round < 5; round++) {
    const port = await freePort();
    const address = `SCTP4-LISTEN:${port},bind=127.0.0.1`;
    await beside(start(["socat", "-d", "-d", address, "PIPE"]), async (socat) => {
      await socat.says(/listening on/);
      const socket = connect({ host: "127.0.0.1", port });
      const life = watch(socket);
      const chunk = Buffer.alloc(1000, round);
      const fill = () => {
        while (!socket.destroyed && socket.writable && socket.write(chunk));
      };
      socket.on("connect", fill).on("drain", fill);
      while (life.messages.length < 10) await once(socket, "data");
      socat.kill("SIGKILL");
      await life.closed;
      assert.is(life.events.length, 2);
      assert.match(life.events[0]!, /^(end|ECONNRESET|EPIPE)$/);
      assert.is(life.events[1], "close");
    });
  }
});

test("a program killed with nothing unread ends in order", async () => {
  const port = await freePort();
  const command = ["sctp_test", "-H", "127.0.0.1", "-P", String(port), "-l", "-T"];
  await beside(start(command), async (program) => {
    await program.says(/accept\(/);
    const socket = connect({ host: "127.0.0.1", port });
    const life = watch(socket);
    socket.write("x");
    await program.says(/Data 1 bytes/);
    program.kill("SIGKILL");
    await life.closed;
    assert.equal(life.events, ["end", "close"]);
  });
});

test.run();
