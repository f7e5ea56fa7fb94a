/** Peers that connect, send and are gone before anyone looks. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect } from "netsctp";
import { message } from "../helpers/messages.ts";
import { closed, endpointOf, listening } from "../helpers/pair.ts";

test("100 messages and an end at once: all arrive, then 'end'", async () => {
  const server = await listening();
  const client = connect(endpointOf(server));
  for (let i = 0; i < 100; i++) client.write(message(`m${i}`, i % 10, i));
  client.end();
  const [peer] = await once(server, "connection");
  let received = 0;
  peer.on("data", () => received++);
  await once(peer, "end");
  assert.is(received, 100);
  await closed(server);
});

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
