/** A peer whose addresses come and go (RFC 5061): our end knows, says so, and goes on talking to it. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Notification, Socket } from "netsctp";
import { skip } from "../helpers/capabilities.ts";
import { setParameter, whyNotSettable } from "../helpers/kernel_parameters.ts";
import { closed, endpointOf, listening } from "../helpers/pair.ts";
import { beside, freePort, type Program, start } from "../helpers/programs.ts";

const PARAMETERS = ["addip_enable", "addip_noauth_enable"]; // without AUTH, which would need keys
const NAME = "sctp_darn adds, makes primary and removes addresses";

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

const problem = whyNotSettable(...PARAMETERS);
if (problem) skip(NAME, problem);
else {
  test(NAME, async () => {
    for (const name of PARAMETERS) setParameter(name, 1);
    const server = await listening();
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
    await closed(server);
  });
}

test.run();
