/** setTimeout() and the option `timeout`: 'timeout' tells that nothing came and nothing went, once. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type Socket } from "netsctp";
import { blackHole, skip, stack } from "../helpers/capabilities.ts";
import { payload } from "../helpers/messages.ts";
import { closed, connectedPair, endpointOf, listening } from "../helpers/pair.ts";
import { slowMirror } from "../helpers/udp_mirror.ts";

const SHORT_MS = 50;

/** Notes which socket was idle, in the order it was told. */
function noteTimeouts(sockets: Record<string, Socket>): string[] {
  const order: string[] = [];
  for (const [name, socket] of Object.entries(sockets)) socket.on("timeout", () => order.push(name));
  return order;
}

test("'timeout' comes when nothing happens, and leaves the socket open", async () => {
  const { client, peer, close } = await connectedPair();
  assert.is(client.timeout, undefined);
  assert.is(client.setTimeout(SHORT_MS), client);
  assert.is(client.timeout, SHORT_MS);
  await once(client, "timeout");
  assert.is(client.destroyed, false);
  peer.write("still well");
  const [message] = await once(client, "data");
  assert.is(message.toString(), "still well");
  await close();
});

test("it comes once, and again only after there was traffic", async () => {
  const first = await connectedPair();
  const second = await connectedPair();
  const order = noteTimeouts({ silent: first.client });
  first.client.setTimeout(SHORT_MS);
  for (let i = 0; i < 3; i++) { // three times as long for the second
    second.client.setTimeout(SHORT_MS);
    await once(second.client, "timeout");
  }
  assert.equal(order, ["silent"]);
  first.client.write("traffic");
  await once(first.client, "timeout");
  await first.close();
  await second.close();
});

for (const way of ["writes", "reads"] as const) {
  test(`${way} put it off`, async () => {
    const idle = await connectedPair();
    const busy = await connectedPair();
    const order = noteTimeouts({ idle: idle.client, busy: busy.client });
    const [from, to] = way === "writes" ? [busy.client, busy.peer] : [busy.peer, busy.client];
    busy.client.setTimeout(4 * SHORT_MS);
    idle.client.setTimeout(5 * SHORT_MS); // later: who is silent would be told first
    to.on("data", () => {
      if (order.length === 0) setTimeout(() => from.write("tick"), SHORT_MS / 5);
    });
    from.write("tick");
    await once(idle.client, "timeout");
    assert.equal(order, ["idle"]);
    await once(busy.client, "timeout"); // now that it is silent too
    await idle.close();
    await busy.close();
  });
}

/** What takes far longer than a socket may be idle, and never is as long without a sign of it. */
const SLOW: Record<string, (busy: Socket, peer: Socket) => void> = {
  "a large message puts it off with each of its pieces": (_busy, peer) => peer.write(payload(1_000_000)),
  "so do messages that leave one by one, though written together": (busy) => {
    for (let i = 0; i < 100; i++) busy.write(payload(10_000));
  },
};

for (const [name, start] of Object.entries(SLOW)) {
  if (stack === "kernel") {
    skip(name, "packets are slowed down here on their way between two UDP ports");
    continue;
  }
  test(name, async () => {
    const { port: udpPort, close } = await slowMirror(15);
    const buffers = { sendBufferSize: 20_000, recvBufferSize: 20_000 };
    const slow = await connectedPair({ client: { udpPort, ...buffers } });
    const idle = await connectedPair();
    const order = noteTimeouts({ idle: idle.client, busy: slow.client });
    slow.client.on("data", () => order.push("all"));
    slow.client.setTimeout(40 * SHORT_MS);
    start(slow.client, slow.peer);
    await new Promise((resolve) => setImmediate(resolve)); // all that is written is in one batch now
    idle.client.setTimeout(40 * SHORT_MS); // later: who is silent is told first
    await once(idle.client, "timeout");
    assert.equal(order, ["idle"]);
    assert.ok(slow.client.bytesRead > 0 || slow.client.writableLength > 0);
    await slow.close();
    await idle.close();
    close();
  });
}

test("the callback is called once; 0 turns it off and takes the callback away", async () => {
  const { client, close } = await connectedPair();
  let calls = 0;
  const callback = () => calls++;
  client.setTimeout(SHORT_MS, callback);
  assert.is(client.listenerCount("timeout"), 1);
  await once(client, "timeout");
  assert.is(calls, 1);
  assert.is(client.listenerCount("timeout"), 0);
  client.setTimeout(SHORT_MS, callback);
  client.setTimeout(0, callback);
  assert.is(client.timeout, 0);
  assert.is(client.listenerCount("timeout"), 0);
  const other = await connectedPair();
  client.on("timeout", () => assert.unreachable("it was turned off"));
  other.client.setTimeout(2 * SHORT_MS);
  await once(other.client, "timeout");
  await other.close();
  await close();
});

test("an accepted socket has it as well", async () => {
  const { peer, close } = await connectedPair();
  peer.setTimeout(SHORT_MS);
  await once(peer, "timeout");
  await close();
});

test("the option `timeout` is the same", async () => {
  const server = await listening();
  const client = connect({ ...endpointOf(server), timeout: SHORT_MS });
  assert.is(client.timeout, SHORT_MS);
  await once(client, "timeout");
  client.resume().end();
  await once(client, "close");
  await closed(server);
});

if (blackHole.reason) skip("'timeout' while connecting", blackHole.reason);
else {
  test("it comes while connecting, too", async () => {
    const { host, port, udpPort } = blackHole;
    const client = connect({ host, port, ...(udpPort && { udpPort }), timeout: SHORT_MS });
    await once(client, "timeout");
    assert.is(client.connecting, true);
    client.destroy();
    await once(client, "close");
  });
}

test("after destroy() it does nothing, as in net", async () => {
  const { client, peer, close } = await connectedPair();
  peer.on("error", () => {});
  client.setTimeout(SHORT_MS);
  client.on("timeout", () => assert.unreachable("it was destroyed"));
  client.destroy();
  assert.is(client.setTimeout(1), client);
  assert.is(client.timeout, SHORT_MS);
  const other = await connectedPair();
  other.client.setTimeout(2 * SHORT_MS);
  await once(other.client, "timeout");
  await other.close();
  await close();
});

// The last test: it leaves a timer for an hour, which must not keep this process from ending.
test("it never keeps the process alive", async () => {
  const { server, client, peer } = await connectedPair();
  client.setTimeout(3_600_000);
  for (const open of [server, client, peer]) open.unref();
});

test.run();
