/** status(): each member is what its name says, in each state of an association that can be held still. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type AssociationStatus, connect, type Socket } from "netsctp";
import { stack } from "../helpers/capabilities.ts";
import { payload } from "../helpers/messages.ts";
import { closed, connectedPair, endpointOf, listening, LOOPBACKS } from "../helpers/pair.ts";
import { thrownBy } from "../helpers/thrown.ts";

const ESTABLISHED = 4, SHUTDOWN_PENDING = 5, SHUTDOWN_SENT = 6, SHUTDOWN_RECEIVED = 7;
const IPV6 = 16, IPV4 = 32;
const MESSAGE_SIZE = 8000;

/** Writes until the window of a peer that does not read is closed, and several messages wait here: of a single one a
 * stack may still take a part, or all of it. */
async function fillWindowOf(socket: Socket): Promise<void> {
  const message = payload(MESSAGE_SIZE);
  for (;;) {
    const { peer, outgoingQueue } = socket.status();
    if (peer.rwnd! < MESSAGE_SIZE && outgoingQueue! > 5) return;
    await new Promise<void>((resolve, reject) =>
      socket.write(message, (error) => error ? reject(error) : setImmediate(resolve))
    );
  }
}

/** Asks again, while other things go on, until the answer is that one. */
async function statusWhen(
  socket: Socket,
  isIt: (status: AssociationStatus) => boolean,
): Promise<AssociationStatus> {
  for (;;) {
    const status = socket.status();
    if (isIt(status)) return status;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

for (const host of LOOPBACKS) {
  test(`${host}: both ends tell of the same association`, async () => {
    const { client, peer, close } = await connectedPair({
      host,
      server: { MIS: 7, OS: 5 },
      client: { MIS: 3, OS: 9 },
    });
    const [here, there] = [client.status(), peer.status()];
    assert.ok(here.tag! > 0 && there.tag! > 0);
    assert.is(here.tag, there.peer.tag);
    assert.is(there.tag, here.peer.tag);
    assert.is.not(here.tag, there.tag);
    assert.equal([here.numberOfIncomingStreams, here.numberOfOutgoingStreams], [3, 7]);
    assert.equal([there.numberOfIncomingStreams, there.numberOfOutgoingStreams], [7, 3]);
    assert.equal([here.state, there.state], [ESTABLISHED, ESTABLISHED]);
    assert.ok(here.peer.cap! & (host === "::1" ? IPV6 : IPV4));
    await close();
  });

  test(`${host}: an idle association`, async () => {
    const { client, peer, close } = await connectedPair({ host });
    for (const socket of [client, peer]) {
      const status = socket.status();
      const { unackdata, penddata, outgoingQueue, overallError } = status;
      assert.equal({ unackdata, penddata, outgoingQueue, overallError }, {
        unackdata: 0,
        penddata: 0,
        outgoingQueue: 0,
        overallError: 0,
      });
      assert.ok(status.rwnd! > 50_000, `rwnd ${status.rwnd}`);
      assert.ok(status.peer.rwnd! > 50_000, `peer.rwnd ${status.peer.rwnd}`);
      const { mtu } = socket.peerInfoByAddress[host]!;
      assert.ok(status.fragmentationPoint > 500 && status.fragmentationPoint < mtu);
      assert.ok(status.maxBurst > 0);
      assert.ok(status.maxSeg >= status.fragmentationPoint);
      assert.type(status.incomingQueue, "number");
      assert.type(status.peer.sack, "number");
    }
    await close();
  });
}

test("a peer that does not read: its window closes, and what cannot be sent waits in the queue", async () => {
  const { client, peer, close } = await connectedPair();
  peer.pause();
  const before = { client: client.status(), peer: peer.status() };
  await fillWindowOf(client);
  const here = await statusWhen(client, ({ unackdata }) => unackdata > 0); // the one that probes the window
  assert.ok(here.outgoingQueue! > 0);
  assert.ok(here.peer.rwnd! < before.client.peer.rwnd!);
  const there = peer.status();
  assert.ok(there.rwnd! < before.peer.rwnd!);
  // Linux counts packets that wait for its own state machine, where none is held up.
  if (stack === "userspace") assert.ok(there.incomingQueue! > 0);
  peer.resume();
  await statusWhen(client, ({ unackdata, outgoingQueue }) => unackdata === 0 && outgoingQueue === 0);
  await statusWhen(peer, ({ incomingQueue }) => incomingQueue === 0);
  await close();
});

test("a SHUTDOWN that waits for what was written: 5, SHUTDOWN-PENDING", async () => {
  const { client, peer, close } = await connectedPair();
  peer.pause();
  await fillWindowOf(client);
  client.end();
  await once(client, "finish");
  assert.is(client.status().state, SHUTDOWN_PENDING);
  assert.is(peer.status().state, ESTABLISHED);
  peer.resume();
  await Promise.all([once(client.resume(), "close"), once(peer, "close")]);
  await close();
});

test("a SHUTDOWN that waits for the peer's messages: 6, SHUTDOWN-SENT, and 7, SHUTDOWN-RECEIVED", async () => {
  const { client, peer, close } = await connectedPair();
  client.pause();
  await fillWindowOf(peer);
  client.end();
  await Promise.all([
    statusWhen(client, ({ state }) => state === SHUTDOWN_SENT),
    statusWhen(peer, ({ state }) => state === SHUTDOWN_RECEIVED),
  ]);
  assert.is(client.status().state, SHUTDOWN_SENT);
  assert.is(peer.status().state, SHUTDOWN_RECEIVED);
  await Promise.all([once(client.resume(), "close"), once(peer.resume(), "close")]);
  await close();
});

test("while connecting: ENOTCONN", async () => {
  const server = await listening();
  const client = connect(endpointOf(server));
  const { code, syscall, errno, message } = thrownBy(() => client.status());
  assert.equal([code, syscall, message], [
    "ENOTCONN",
    "getsockopt",
    "getsockopt ENOTCONN: there is no association, not yet or not any more: wait for 'connect'",
  ]);
  assert.ok(errno! < 0);
  await once(client, "connect");
  assert.is(client.status().state, ESTABLISHED);
  client.end();
  await once(client.resume(), "close");
  await closed(server);
});

test("after the association has ended: ENOTCONN", async () => {
  const { client, peer, close } = await connectedPair();
  const codes: unknown[] = [];
  client.on("end", () => codes.push(thrownBy(() => client.status()).code));
  const bothClosed = Promise.all([once(client.resume(), "close"), once(peer.resume(), "close")]);
  peer.end();
  await bothClosed;
  assert.equal(codes, ["ENOTCONN"]);
  await close();
});

test("after destroy(): status called after destroy", async () => {
  const { client, close } = await connectedPair();
  client.destroy();
  const { code, message } = thrownBy(() => client.status());
  assert.equal([code, message], ["ERR_SCTP_DESTROYED", "status called after destroy"]);
  await close();
});

test.run();
