/** Peers that connect, send and are gone before anyone looks. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type ServerOptions, type Socket } from "netsctp";
import { message } from "../helpers/messages.ts";
import { closed, endpointOf, listening } from "../helpers/pair.ts";

const COUNT = 100;

interface Reader {
  options?: ServerOptions;
  /** How long after 'connection' it looks at the socket. */
  wait(peer: Socket, client: Socket): Promise<unknown>;
}

const READERS: Record<string, Reader> = {
  "read at once": { wait: async () => {} },
  "read after some turns of the event loop": {
    wait: async () => {
      for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
    },
  },
  "read once the other end is gone": { wait: (_, client) => once(client, "close") },
  "pauseOnConnect, read once all has come": {
    options: { pauseOnConnect: true },
    wait: (peer) => once(peer, "readable"),
  },
  "a highWaterMark of 1": { options: { highWaterMark: 1 }, wait: async () => {} },
};

for (const [name, { options, wait }] of Object.entries(READERS)) {
  test(`${COUNT} messages and an end at once, ${name}: all arrive in order, then 'end'`, async () => {
    const server = await listening(options);
    const client = connect(endpointOf(server)).resume();
    for (let i = 0; i < COUNT; i++) client.write(message(`m${i}`, 1, i));
    client.end();
    const [peer] = await once(server, "connection") as [Socket];
    const events: string[] = [];
    const isClosed = once(peer, "close");
    await wait(peer, client);
    peer.on("end", () => events.push("end"));
    peer.on("data", (got) => events.push(got.toString()));
    peer.resume();
    const [hadError] = await isClosed;
    assert.is(hadError, false);
    assert.equal(events, [...[...Array(COUNT).keys()].map((i) => `m${i}`), "end"]);
    await closed(server);
  });
}

test("peers that abort while they wait to be accepted do no harm", async () => {
  const server = await listening();
  server.on("connection", (peer) => peer.on("error", () => {}));
  for (let i = 0; i < 20; i++) {
    const client = connect(endpointOf(server));
    client.write("gone");
    await once(client, "connect");
    client.destroy();
  }
  const last = connect(endpointOf(server)); // the server still serves
  await once(last, "connect");
  last.end();
  await once(last.resume(), "close");
  await closed(server);
});

test.run();
