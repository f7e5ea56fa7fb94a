/** Two links to a peer that has the same link-local address on both, as this end has: an association stays on the link on
 * which it began. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type Socket } from "netsctp";
import { runtime, skip, stack } from "../helpers/capabilities.ts";
import { addLink, here, withHosts } from "../helpers/hosts.ts";
import { beside, start } from "../helpers/programs.ts";
import { commandOn } from "../helpers/runtimes.ts";
import { parseTimed } from "../helpers/timed_message.ts";

const PORT = 5004;
const NEAR = "fe80::1";
const FAR = "fe80::2";
/** So that a failure says what happened. */
const LIMIT_MS = 45_000;

/** An association on one of the links, in which the peer goes on sending. */
async function talkOver(link: number): Promise<Socket> {
  const address = { remoteAddresses: [`${FAR}%near${link}`], localAddresses: [`${NEAR}%near${link}`] };
  const socket = connect({ port: PORT, connectTimeout: 10_000, ...address });
  await once(socket, "connect");
  socket.write(`send over ${link}`);
  await once(socket, "data");
  return socket;
}

/** Messages go on coming that were sent only now. */
async function goesOn(socket: Socket): Promise<void> {
  const since = Date.now();
  const signal = AbortSignal.timeout(LIMIT_MS);
  for (let news = 0; news < 10;) {
    const [message] = await once(socket, "data", { signal });
    if (parseTimed(message.toString()).sent > since) news++;
  }
}

const goOnByTurns = () =>
  withHosts(["far"], async (far) => {
    const links = [0, 1].map((i) => addLink([here, `near${i}`, `${NEAR}/64`], [far, `far${i}`, `${FAR}/64`]));
    const options = JSON.stringify({ port: PORT, localAddresses: [`${FAR}%far0`] });
    const command = commandOn(runtime, "test/helpers/host_peer.ts", [options]);
    await beside(start(far.command(command)), async (peer) => {
      await peer.says(/listening/);
      const sockets = [await talkOver(0), await talkOver(1)];
      for (const cut of [0, 1]) {
        await links[cut]!.cut();
        await goesOn(sockets[1 - cut]!);
        await links[cut]!.restore();
        await goesOn(sockets[cut]!);
      }
      for (const socket of sockets) {
        assert.equal(socket.remoteAddresses.length, 1);
        socket.destroy();
      }
    });
  });

const NAME = "each association goes on while the other link is cut";
if (stack === "kernel") skip(NAME, "the kernel binds a link-local address on one interface alone");
else test(NAME, goOnByTurns);

test.run();
