/** A peer that never reads, until it does; and a peer that floods us while we do not. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type Socket } from "netsctp";
import { watch } from "../helpers/events.ts";
import { message, payload } from "../helpers/messages.ts";
import { closed, endpointOf, listening } from "../helpers/pair.ts";
import { beside, freePort, start } from "../helpers/programs.ts";

const SIZE = 4_000;

test("a peer that does not read holds us up; once it reads, it gets everything", async () => {
  const port = await freePort();
  const address = `SCTP4-LISTEN:${port},bind=127.0.0.1`;
  await beside(start(["socat", "-d", "-d", "-u", address, "STDOUT"]), async (socat) => {
    await socat.says(/listening on/);
    const socket = connect({ host: "127.0.0.1", port });
    const life = watch(socket);
    await once(socket, "connect");
    await socat.says(/starting data transfer loop/);
    socat.kill("SIGSTOP");
    let taken = 0; // by the stack
    let written = 0;
    const limit = 20_000; // far above what both kernels buffer
    const data = message(payload(SIZE), 2, 7);
    for (let hasRoom = true; hasRoom && written < limit;) {
      hasRoom = socket.write(data, undefined, (error) => taken += error ? 0 : 1);
      written++;
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.ok(written < limit, "never held up");
    assert.ok(taken < written, `${taken} of ${written} taken: nothing waits`);
    assert.ok(socket.writableNeedDrain);
    const drained = once(socket, "drain");
    socat.kill("SIGCONT");
    await drained;
    assert.is(taken, written);
    socket.end();
    await Promise.all([life.closed, socat.succeeds()]);
    assert.is(socat.stdout.length, written * SIZE);
    assert.equal(life.events, ["end", "close"]);
  });
});

test("end() to a peer that does not read is through only when it reads", async () => {
  const port = await freePort();
  const address = `SCTP4-LISTEN:${port},bind=127.0.0.1`;
  await beside(start(["socat", "-d", "-d", "-u", address, "STDOUT"]), async (socat) => {
    await socat.says(/listening on/);
    const socket = connect({ host: "127.0.0.1", port });
    const life = watch(socket);
    await once(socket, "connect");
    await socat.says(/starting data transfer loop/);
    socat.kill("SIGSTOP");
    let written = 0;
    do written++; while (socket.write(payload(SIZE)) || written < 200);
    socket.end();
    socat.kill("SIGCONT");
    await Promise.all([life.closed, socat.succeeds()]);
    assert.is(socat.stdout.length, written * SIZE);
    assert.equal(life.events, ["end", "close"]);
  });
});

test("we do not read: the flooding peer waits, our memory does not grow; then all of it comes", async () => {
  const highWaterMark = 32_768;
  const server = await listening({ highWaterMark });
  const connection = once(server, "connection");
  const bytes = 1_200_000; // far above what both kernels and the socket buffer
  const address = `SCTP4-CONNECT:127.0.0.1:${endpointOf(server).port}`;
  await beside(start(["socat", "-u", "-b", "4000", "-", address]), async (socat) => {
    socat.end(payload(bytes));
    const [peer] = await connection as [Socket];
    await once(peer, "readable");
    const batch = 256 * 1024;
    for (let i = 0; i < 2000; i++) { // many turns in which more could be taken in
      await new Promise((resolve) => setImmediate(resolve));
      assert.ok(peer.bytesRead <= highWaterMark + batch, `${peer.bytesRead} bytes taken in`);
    }
    const life = watch(peer);
    peer.resume();
    await Promise.all([life.closed, socat.succeeds()]);
    assert.is(life.bytes, bytes);
    assert.equal(life.events, ["end", "close"]);
  });
  await closed(server);
});

test.run();
