/** Peers that break the protocol: the error says what it was. Over UDP, where a test can put packets in the way. */
import { Buffer } from "node:buffer";
import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type Server, type Socket } from "netsctp";
import { skip, stack } from "../helpers/capabilities.ts";
import { closed, listening } from "../helpers/pair.ts";

const DATA = 0, END_OF_MESSAGE = 1;

/** Carries packets between a client and a server, each as `alter` leaves it. */
async function relay(toPort: number, alter: (packet: Buffer) => void) {
  const [near, far] = await Promise.all([bound(), bound()]);
  let client = 0;
  near.on("message", (packet, { port }) => {
    client = port;
    alter(packet);
    far.send(packet, toPort, "127.0.0.1");
  });
  far.on("message", (packet) => near.send(packet, client, "127.0.0.1"));
  return {
    udpPort: near.address().port,
    /** As if the client had sent it. */
    inject: (packet: Buffer) => far.send(packet, toPort, "127.0.0.1"),
    close: () => [near, far].forEach((socket) => socket.close()),
  };
}

async function bound(): Promise<UdpSocket> {
  const socket = createSocket("udp4");
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", () => resolve()));
  return socket;
}

/** The chunks of a packet: where each begins. */
function* chunksOf(packet: Buffer): Iterable<number> {
  for (let at = 12; at + 4 <= packet.length; at += Math.max(4, (packet.readUInt16BE(at + 2) + 3) & ~3)) {
    yield at;
  }
}

if (stack === "kernel") skip("packets altered on the way", "the kernel looks at checksums");
else {
  test("a SHUTDOWN in the middle of a message: an error that says so, no silent end", async () => {
    const server: Server = await listening({ recvBufferSize: 64 * 1024 });
    const { udpPort, close } = await relay(server.udpPort!, (packet) => {
      for (const at of chunksOf(packet)) if (packet[at] === DATA) packet[at + 1]! &= ~END_OF_MESSAGE;
    });
    const client = connect({ host: "127.0.0.1", port: server.address()!.port, udpPort, localUdpPort: 0 });
    const [peer] = await once(server, "connection") as [Socket];
    const failed = new Promise<NodeJS.ErrnoException>((resolve) => peer.on("error", resolve));
    peer.on("data", () => assert.unreachable("a message without an end"));
    peer.on("end", () => assert.unreachable("no end in order"));
    client.resume().end(Buffer.alloc(50_000, 7));
    const reset: unknown[] = [];
    client.on("error", (error) => reset.push(error));
    const error = await failed;
    // Newer sources of usrsctp (USRSCTP_SRC) abort it themselves, in these words.
    if (/Missing user data/.test(error.message)) assert.is(error.code, "ECONNABORTED");
    else {
      assert.is(error.code, "ERR_SCTP_PARTIAL_MESSAGE");
      assert.match(error.message, /in the middle of a message: \d+ bytes/);
      assert.equal(reset, []);
    }
    client.destroy();
    await closed(server);
    close();
  });

  test("one end aborts: ECONNABORTED there, ECONNRESET at its peer, both with the cause", async () => {
    const server: Server = await listening();
    const { udpPort, inject, close } = await relay(server.udpPort!, () => {});
    const client = connect({ host: "127.0.0.1", port: server.address()!.port, udpPort, localUdpPort: 0 });
    const [[peer]] = await Promise.all([once(server, "connection"), once(client, "connect")]) as [
      [Socket],
      unknown,
    ];
    const causes: number[] = [];
    for (const socket of [client, peer]) {
      socket.on("notification", ({ parsed }) => {
        if (parsed.type === "association-change") causes.push(parsed.error);
      });
    }
    const failed = new Promise<NodeJS.ErrnoException>((resolve) => peer.on("error", resolve));
    const reset = new Promise<NodeJS.ErrnoException>((resolve) => client.on("error", resolve));
    // DATA without any data (RFC 9260 section 3.3.10.9).
    const packet = Buffer.alloc(12 + 16);
    packet.writeUInt16BE(client.localPort!, 0);
    packet.writeUInt16BE(server.address()!.port, 2);
    packet.writeUInt32BE(peer.status().tag!, 4);
    packet.set([DATA, 3, 0, 16], 12);
    inject(packet);
    const error = await failed;
    assert.is(error.code, "ECONNABORTED");
    assert.is(error.syscall, "read");
    assert.match(
      error.message,
      /^read ECONNABORTED: this end aborted the association, since the peer broke the protocol/,
    );
    assert.match(error.message, "cause 9 (No User Data)");
    const { code, message } = await reset;
    assert.is(code, "ECONNRESET");
    assert.is(message, "read ECONNRESET: the peer aborted the association: cause 9 (No User Data)");
    assert.equal(causes, [9, 9]);
    await closed(server);
    close();
  });
}

test.run();
