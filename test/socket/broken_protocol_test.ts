/** Peers that break the protocol: the error says what it was. Over UDP, where a test can put packets in the way. */
import { Buffer } from "node:buffer";
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type Server, type Socket } from "netsctp";
import { skip, stack } from "../helpers/capabilities.ts";
import { sign } from "../helpers/crc32c.ts";
import { noPackets, openToPackets } from "../helpers/encapsulation.ts";
import { closed, listening } from "../helpers/pair.ts";
import { boundUdpSocket, DATA, partsOf } from "../helpers/raw_peer.ts";

const END_OF_MESSAGE = 1;
const DATA_HEAD = 16;

/** Carries packets between a client and a server, those of the client as `alter` makes them. */
async function relay(toPort: number, alter: (packet: Buffer) => Buffer) {
  const [near, far] = await Promise.all([boundUdpSocket(), boundUdpSocket()]);
  let client = 0;
  near.on("message", (packet, { port }) => {
    client = port;
    const altered = alter(packet);
    sign(altered);
    far.send(altered, toPort, "127.0.0.1");
  });
  far.on("message", (packet) => near.send(packet, client, "127.0.0.1"));
  return {
    udpPort: near.address().port,
    close: () => [near, far].forEach((socket) => socket.close()),
  };
}

const udpPortOf = noPackets ? () => 0 : await openToPackets();

/** A client of a server, and its peer there, with a relay between. */
async function relayed(options: object, alter: (packet: Buffer) => Buffer) {
  const server: Server = await listening(options);
  const between = await relay(udpPortOf(server), alter);
  const client = connect({
    host: "127.0.0.1",
    port: server.address()!.port,
    udpPort: between.udpPort,
    ...(stack === "userspace" && { localUdpPort: 0 }),
  });
  const [[peer]] = await Promise.all([once(server, "connection"), once(client, "connect")]) as [
    [Socket],
    unknown,
  ];
  const close = async () => {
    client.destroy();
    await closed(server);
    between.close();
  };
  return { client, peer, close };
}

if (noPackets) skip("packets altered on the way", noPackets);
else {
  test("a SHUTDOWN in the middle of a message", async () => {
    const { client, peer, close } = await relayed({ recvBufferSize: 64 * 1024 }, (packet) => {
      for (const [at] of partsOf(packet, 12)) if (packet[at] === DATA) packet[at + 1]! &= ~END_OF_MESSAGE;
      return packet;
    });
    const reset: unknown[] = [];
    client.on("error", (error) => reset.push(error));
    peer.on("data", () => assert.unreachable("a message without an end"));
    const over = new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
      peer.on("error", resolve);
      peer.on("end", () => resolve(undefined));
    });
    client.resume().end(Buffer.alloc(50_000, 7));
    const error = await over;
    if (stack === "kernel") {
      // Nobody is told that fragments were there, and the library cannot find out.
      assert.is(error, undefined);
    } else if (/Missing user data/.test(error!.message)) {
      // Newer sources of usrsctp (USRSCTP_SRC) abort it themselves, in these words.
      assert.is(error!.code, "ECONNABORTED");
    } else {
      assert.is(error!.code, "ERR_SCTP_PARTIAL_MESSAGE");
      assert.match(error!.message, /in the middle of a message: \d+ bytes/);
      assert.equal(reset, []);
    }
    await close();
  });

  test("one end aborts: ECONNABORTED there, ECONNRESET at its peer, both with the cause", async () => {
    // DATA without any data (RFC 9260 section 3.3.10.9).
    const { client, peer, close } = await relayed({}, (packet) => {
      for (const [at] of partsOf(packet, 12)) {
        if (packet[at] !== DATA) continue;
        packet.writeUInt16BE(DATA_HEAD, at + 2);
        return packet.subarray(0, at + DATA_HEAD);
      }
      return packet;
    });
    const causes: number[] = [];
    for (const socket of [client, peer]) {
      socket.on("notification", ({ parsed }) => {
        if (parsed.type === "association-change" && parsed.state !== "up") causes.push(parsed.error);
      });
    }
    const failed = new Promise<NodeJS.ErrnoException>((resolve) => peer.on("error", resolve));
    const reset = new Promise<NodeJS.ErrnoException>((resolve) => client.on("error", resolve));
    client.write("x");
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
    await close();
  });
}

test.run();
