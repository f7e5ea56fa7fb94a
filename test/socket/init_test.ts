/** What `sctp` puts into an INIT, and how long the cookie that answers one is good: seen by a peer without a stack. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type SctpOptions } from "netsctp";
import { skip, stack } from "../helpers/capabilities.ts";
import { noPackets, openToPackets } from "../helpers/encapsulation.ts";
import { closed, listening } from "../helpers/pair.ts";
import { boundUdpSocket, ERROR, parametersOf, RawPeer } from "../helpers/raw_peer.ts";

const PORT = 20_000; // which nobody is asked for
const CHUNK = 12;
const ECN = 0x8000, FORWARD_TSN = 0xc000, ADAPTATION = 0xc006;

async function initOf(sctp: SctpOptions): Promise<{ body: Buffer; has(type: number): boolean }> {
  const peer = await boundUdpSocket();
  const socket = connect({ port: PORT, host: "127.0.0.1", udpPort: peer.address().port, sctp });
  const [packet] = await once(peer, "message") as [Buffer];
  socket.destroy();
  await once(socket, "close");
  peer.close();
  const body = packet.subarray(CHUNK + 4);
  return { body, has: (type) => parametersOf(body).has(type) };
}

const IN_INIT = "streams, adaptation and partial reliability are in the INIT";
const OUT_OF_INIT = "ecn: in the INIT, unless it is turned off";
const STALE = "cookieLife: an echo that comes later is a stale cookie";

if (noPackets) { for (const name of [IN_INIT, OUT_OF_INIT, STALE]) skip(name, noPackets); }
else {
  const udpPortOf = await openToPackets();

  test(IN_INIT, async () => {
    const sctp = { streams: { outbound: 5, inbound: 6 }, adaptation: 0xfedcba98, partialReliability: false };
    const { body, has } = await initOf(sctp);
    assert.equal([body.readUInt16BE(8), body.readUInt16BE(10)], [5, 6]);
    assert.is(parametersOf(body).get(ADAPTATION)!.readUInt32BE(0), 0xfedcba98);
    assert.not.ok(has(FORWARD_TSN));
    assert.ok((await initOf({})).has(FORWARD_TSN));
  });

  test(OUT_OF_INIT, async () => {
    assert.is((await initOf({})).has(ECN), stack === "kernel"); // whose packets come in with the marks
    if (stack === "kernel") assert.not.ok((await initOf({ ecn: false })).has(ECN));
  });

  test(STALE, async () => {
    const life = 1000;
    const [short, long] = [await listening({ sctp: { cookieLife: life } }), await listening()];
    const peers = await Promise.all(
      [short, long].map((server) => RawPeer.open(server.address()!.port, udpPortOf(server))),
    );
    const [late, inTime] = peers as [RawPeer, RawPeer];
    const cookies = await Promise.all(peers.map((peer, i) => peer.cookie(i + 1)));
    await once(AbortSignal.timeout(life * 1.2), "abort"); // the time is the subject
    const accepted = once(long, "connection");
    late.echo(cookies[0]!);
    inTime.echo(cookies[1]!);
    const { body } = await late.next(ERROR);
    assert.is(body.readUInt16BE(0), 3); // Stale Cookie, RFC 9260 section 3.3.10.3
    const [socket] = await accepted;
    socket.on("error", () => {}).destroy();
    for (const peer of peers) peer.close();
    await Promise.all([short, long].map(closed));
  });
}

test.run();
