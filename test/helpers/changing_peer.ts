/** A peer whose addresses come and go (RFC 5061): sctp_darn, on the kernel's stack. */
import { once } from "node:events";
import * as assert from "uvu/assert";
import type { Notification, Server, Socket } from "netsctp";
import { endpointOf } from "./pair.ts";
import { beside, freePort, type Program, start } from "./programs.ts";

const ACTIVE = 2;

/** What 'address-change' and 'peer-info-update' found when they came. */
interface Told {
  remoteAddress: string | undefined;
  remoteAddresses: string[];
}

function nextChange(peer: Socket): Promise<Told> {
  return new Promise((resolve) =>
    peer.once(
      "address-change",
      () => resolve({ remoteAddress: peer.remoteAddress, remoteAddresses: peer.remoteAddresses }),
    )
  );
}

/** Types a command into sctp_darn, and waits for what its kernel tells our end. */
async function change(peer: Socket, darn: Program, command: string): Promise<Told & { lines: string[] }> {
  const lines: string[] = [];
  const onNotification = ({ parsed, interpreted }: Notification) => {
    // A new address is confirmed when it likes.
    if (parsed.type === "path-change" && parsed.state !== "confirmed") lines.push(interpreted);
  };
  peer.on("notification", onNotification);
  const told = nextChange(peer);
  const updated = once(peer, "peer-info-update");
  darn.write(`${command}\n`);
  const [now] = await Promise.all([told, updated]);
  peer.off("notification", onNotification);
  assert.equal(Object.keys(peer.peerInfoByAddress), now.remoteAddresses);
  return { ...now, lines };
}

async function confirmed(peer: Socket, address: string): Promise<void> {
  while (peer.peerInfoByAddress[address]?.state !== ACTIVE) await once(peer, "peer-info-update");
}

/** It connects to the server, adds, makes primary and removes addresses; our end knows, says so, and goes on talking. */
export async function addressesChange(server: Server): Promise<void> {
  const connection = once(server, "connection");
  const ends = ["-H", "127.0.0.1", "-P", String(await freePort())];
  const to = ["-h", "127.0.0.1", "-p", String(endpointOf(server).port)];
  await beside(start(["sctp_darn", ...ends, ...to, "-s", "-I", "-t"]), async (darn) => {
    darn.write("snd=10\n");
    const [peer] = await connection as [Socket];
    const [message] = await once(peer, "data");
    assert.is(message.length, 10);
    assert.equal(peer.remoteAddresses, ["127.0.0.1"]);
    const { remotePort } = peer;

    assert.equal(await change(peer, darn, "bindx-add=127.0.0.2"), {
      remoteAddress: "127.0.0.1",
      remoteAddresses: ["127.0.0.1", "127.0.0.2"],
      lines: ["SCTP_PEER_ADDR_CHANGE: SCTP_ADDR_ADDED 127.0.0.2"],
    });
    assert.equal((await change(peer, darn, "bindx-add=127.0.0.3")).remoteAddresses, [
      "127.0.0.1",
      "127.0.0.2",
      "127.0.0.3",
    ]);
    await confirmed(peer, "127.0.0.2"); // no other can become the primary one
    const primary = await change(peer, darn, "peer_primary=127.0.0.2");
    assert.is(primary.remoteAddress, "127.0.0.2");
    assert.is(primary.remoteAddresses[0], "127.0.0.2");
    assert.equal([...primary.remoteAddresses].sort(), ["127.0.0.1", "127.0.0.2", "127.0.0.3"]);
    assert.equal(primary.lines, ["SCTP_PEER_ADDR_CHANGE: SCTP_ADDR_MADE_PRIM 127.0.0.2"]);
    const removed = await change(peer, darn, "bindx-rem=127.0.0.3");
    assert.equal([...removed.remoteAddresses].sort(), ["127.0.0.1", "127.0.0.2"]);
    assert.equal(removed.lines, ["SCTP_PEER_ADDR_CHANGE: SCTP_ADDR_REMOVED 127.0.0.3"]);
    assert.equal((await change(peer, darn, "bindx-rem=127.0.0.1")).remoteAddresses, ["127.0.0.2"]);

    darn.write("snd=5\n");
    assert.is((await once(peer, "data"))[0].length, 5);
    assert.equal([peer.remoteAddress, peer.remotePort, peer.remoteFamily], [
      "127.0.0.2",
      remotePort,
      "IPv4",
    ]);
    const acknowledged = new Promise<void>((resolve) =>
      peer.on("notification", ({ parsed }: Notification) => parsed.type === "sender-dry" && resolve())
    );
    peer.write("to the only address that is left");
    await acknowledged;
    peer.destroy();
    await once(peer, "close");
    assert.equal(peer.remoteAddresses, ["127.0.0.2"]);
  });
}
