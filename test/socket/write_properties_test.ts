/** `sid` and `ppid` are read when write() is called. */
import type { Buffer } from "node:buffer";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect } from "netsctp";
import { message, receive } from "../helpers/messages.ts";
import { closed, connectedPair, endpointOf, listening } from "../helpers/pair.ts";

test("properties changed after write() do not alter a message that waits", async () => {
  const server = await listening();
  const received = new Promise((resolve, reject) => {
    server.on("connection", (peer) => {
      receive(peer, 2).then(resolve, reject);
      peer.on("end", () => {});
    });
  });
  const client = connect(endpointOf(server));
  const data: Buffer & { sid?: number; ppid?: number } = message("same buffer", 1, 11);
  client.write(data); // waits: there is no association yet
  data.sid = 2;
  data.ppid = 22;
  client.write(data);
  data.sid = 3;
  data.ppid = 33;
  const got = await received as Array<{ sid: number; ppid: number }>;
  assert.equal(got.map(({ sid, ppid }) => [sid, ppid]).sort(), [[1, 11], [2, 22]]);
  client.end();
  await closed(server);
});

test("end() with data sends it with its properties", async () => {
  const { client, peer, close } = await connectedPair();
  const received = receive(peer, 1);
  client.end(message("last", 4, 44));
  const [last] = await received;
  assert.equal([last!.toString(), last!.sid, last!.ppid], ["last", 4, 44]);
  await close();
});

test("a stream the association does not have fails the write with EINVAL, naming both numbers", async () => {
  const { client, close } = await connectedPair({ client: { OS: 5 } });
  assert.is(client.outboundStreams, 5);
  const error = await new Promise<NodeJS.ErrnoException>((resolve) => {
    client.on("error", resolve);
    client.write(message("lost", 5));
  });
  assert.is(error.code, "EINVAL");
  assert.ok(error.errno! < 0);
  assert.is(error.syscall, "write");
  assert.match(error.message, /stream 5 .* 5 outbound streams/);
  await close();
});

test("the number of streams is negotiated: the smaller of both wishes", async () => {
  const { client, peer, close } = await connectedPair({
    server: { OS: 20, MIS: 7 },
    client: { OS: 12, MIS: 15 },
  });
  assert.equal([client.outboundStreams, client.inboundStreams], [7, 15]);
  assert.equal([peer.outboundStreams, peer.inboundStreams], [15, 7]);
  await close();
});

test.run();
