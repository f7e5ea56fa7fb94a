/** node:tls over these sockets, both sides: records are messages, and come out as the bytes that went in. */
import { Buffer } from "node:buffer";
import { once } from "node:events";
import type * as net from "node:net";
import tls from "node:tls";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Socket } from "netsctp";
import { skip, tlsEnd } from "../helpers/capabilities.ts";
import { CERTIFICATE, KEY } from "../helpers/certificate.ts";
import { payload } from "../helpers/messages.ts";
import { closed, connectedPair } from "../helpers/pair.ts";

// One large write of a user's may become one message, with what TLS adds to it.
const MAX_MESSAGE_SIZE = 4 * 1024 * 1024;

async function securePair() {
  const limits = { maxMessageSize: MAX_MESSAGE_SIZE };
  const pair = await connectedPair({ server: limits, client: limits });
  const accepted = new tls.TLSSocket(asNet(pair.peer), { isServer: true, key: KEY, cert: CERTIFICATE });
  const client = tls.connect({ socket: asNet(pair.client), ca: CERTIFICATE, servername: "localhost" });
  await Promise.all([once(client, "secureConnect"), once(accepted, "secure")]);
  return { ...pair, accepted, secure: client };
}

/** Node takes any Duplex, its types say net.Socket. */
function asNet(socket: Socket): net.Socket {
  return socket as unknown as net.Socket;
}

async function bytes(socket: tls.TLSSocket, count: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  await new Promise<void>((resolve, reject) => {
    socket.on("data", (part: Buffer) => {
      parts.push(part);
      if ((length += part.length) >= count) resolve();
    });
    socket.once("error", reject);
  });
  return Buffer.concat(parts);
}

test("1 MB in one write goes each way, encrypted", async () => {
  const { accepted, secure, peer, close } = await securePair();
  assert.is(secure.authorized, true);
  const [up, down] = [payload(1024 * 1024, 1), payload(1024 * 1024, 2)];
  let wire = 0;
  peer.on("data", (record) => wire += record.length);
  const received = Promise.all([bytes(accepted, up.length), bytes(secure, down.length)]);
  secure.write(up);
  accepted.write(down);
  const [atServer, atClient] = await received;
  assert.ok(atServer!.equals(up));
  assert.ok(atClient!.equals(down));
  assert.ok(wire > up.length, "records, not the plain bytes");
  for (const one of [accepted, secure]) one.on("error", () => {}).destroy();
  await close();
});

if (tlsEnd.reason) skip("TLS ends in order", tlsEnd.reason);
else {
  test("end() is TLS's own end and then a SHUTDOWN: nothing is lost, no error at the end that ends", async () => {
    const { server, accepted, secure, peer, client } = await securePair();
    const errors: string[] = [];
    for (const socket of [secure, client]) socket.on("error", ({ message }) => errors.push(message));
    // TLS answers an end by its own. A SHUTDOWN that has come by then leaves no way to send it.
    const late: string[] = [];
    for (const socket of [accepted, peer]) socket.on("error", ({ message }) => late.push(message));
    let ends = 0;
    accepted.on("end", () => ends++);
    const closes = [peer, client].map((socket) => new Promise((resolve) => socket.on("close", resolve)));
    const all = bytes(accepted, 300_000);
    secure.end(payload(300_000));
    secure.resume();
    assert.ok((await all).equals(payload(300_000)));
    const [hadErrorAtPeer, hadError] = await Promise.all(closes);
    assert.is(hadError, false);
    assert.is(hadErrorAtPeer, late.length > 0);
    assert.equal(errors, []);
    assert.is(ends, 1);
    for (const message of late) assert.is(message, "remote ended");
    await closed(server);
  });
}

test.run();
