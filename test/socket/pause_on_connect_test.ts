/** pauseOnConnect: all stays in the stack until the server's side asks for it, and is there then. */
import { Buffer } from "node:buffer";
import { once } from "node:events";
import { Writable } from "node:stream";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Socket } from "netsctp";
import { message } from "../helpers/messages.ts";
import { closed, connectedPair } from "../helpers/pair.ts";

const held = { server: { pauseOnConnect: true } };

/** So many answers of another association: what was to happen at once has happened by then. */
async function roundTrips(client: Socket, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    client.write("tick");
    await once(client, "data");
  }
}

/** Reads all there is to come, each message with its stream. */
const READERS: Record<string, (peer: Socket, got: string[]) => Promise<void>> = {
  "resume()": async (peer, got) => {
    peer.on("data", (data) => got.push(`${data} on ${data.sid}`));
    assert.is(peer.isPaused(), true); // a listener of 'data' is not enough, as everywhere after pause()
    peer.resume();
    await once(peer, "end");
  },
  "'readable'": async (peer, got) => {
    peer.on("readable", () => {
      for (let data = peer.read(); data !== null; data = peer.read()) got.push(`${data} on ${data.sid}`);
    });
    await once(peer, "end");
  },
  "read()": async (peer, got) => {
    while (!peer.readableEnded) {
      const data = peer.read();
      if (data !== null) got.push(`${data} on ${data.sid}`);
      else await new Promise((resolve) => setImmediate(resolve));
    }
  },
  "for await": async (peer, got) => {
    for await (const data of peer) got.push(`${data} on ${data.sid}`);
  },
  "pipe()": async (peer, got) => {
    const write = (data: Buffer & { sid: number }, _: string, done: () => void) => {
      got.push(`${data} on ${data.sid}`);
      done();
    };
    await once(peer.pipe(new Writable({ objectMode: true, write })), "finish");
  },
};

for (const [name, read] of Object.entries(READERS)) {
  test(`nothing is read before ${name}, then messages and the end come`, async () => {
    const other = await connectedPair();
    other.peer.pipe(other.peer);
    const { server, client, peer } = await connectedPair(held);
    client.write(message("one", 1));
    client.end(message("two", 2));
    await once(client, "finish");
    await roundTrips(other.client, 10);
    assert.equal([peer.bytesRead, peer.readableLength, peer.readyState], [0, 0, "open"]);
    const got: string[] = [];
    await read(peer, got);
    assert.equal(got, ["one on 1", "two on 2"]);
    assert.is(peer.bytesRead, 6);
    client.resume();
    await closed(server);
    await other.close();
  });
}

test("the peer is held up, and all it could not send comes once it is read", async () => {
  const other = await connectedPair();
  other.peer.pipe(other.peer);
  const { server, client, peer } = await connectedPair({
    server: { pauseOnConnect: true, recvBufferSize: 50_000 },
    // With a window below the MTU of lo, the kernel learns that it has opened by a retransmission time-out.
    client: { sendBufferSize: 50_000, sctp: { rto: { initial: 100, min: 100, max: 100 } } },
  });
  const bytes = Buffer.alloc(1000);
  const [most, count] = [2000, { sent: 0, read: 0 }];
  const fill = () => {
    while (count.sent < most && client.write(message(bytes, 0, count.sent++)));
    if (count.sent === most) client.end();
  };
  client.on("drain", fill);
  fill();
  for (let before = -1; before !== count.sent;) {
    before = count.sent;
    await roundTrips(other.client, 20);
  }
  assert.ok(count.sent < most / 2, `${count.sent} messages went out although nobody read`);
  assert.is(peer.bytesRead, 0);
  for await (const { ppid } of peer) assert.is(ppid, count.read++);
  assert.is(count.read, most);
  client.resume();
  await closed(server);
  await other.close();
});

test("the peer's ABORT is an 'error' once it is read", async () => {
  const { server, client, peer } = await connectedPair(held);
  const events: string[] = [];
  peer.on("error", (error: NodeJS.ErrnoException) => events.push(error.code!));
  client.destroy();
  await once(client, "close");
  assert.equal([events, peer.destroyed], [[], false]);
  const isClosed = new Promise((resolve) => peer.on("close", resolve));
  peer.resume();
  await isClosed;
  assert.equal(events, ["ECONNRESET"]);
  await closed(server);
});

for (const leave of ["destroy", "destroySoon", "resetAndDestroy"] as const) {
  test(`${leave}() closes it, read or not`, async () => {
    const { server, client, peer } = await connectedPair(held);
    client.on("error", () => {}).resume().write("for nobody");
    peer[leave]();
    await once(peer, "close");
    assert.is(peer.readableLength, 0);
    await closed(server);
  });
}

test("it can write and end before it reads", async () => {
  const { server, client, peer } = await connectedPair(held);
  const isClosed = once(client, "close");
  peer.end("hello");
  const [greeting] = await once(client, "data");
  assert.is(greeting.toString(), "hello");
  await isClosed;
  assert.is(peer.destroyed, false);
  peer.resume();
  await once(peer, "close");
  await closed(server);
});

test.run();
