/** Two links to a peer, which are cut: a message goes to the address that it names, and what may be given up is. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type Socket } from "netsctp";
import { runtime } from "../helpers/capabilities.ts";
import { addHost, addLink, here } from "../helpers/hosts.ts";
import { start } from "../helpers/programs.ts";
import { commandOn } from "../helpers/runtimes.ts";

const PORT = 5001;
const LIFE_MS = 300;
const NEAR = ["10.0.0.1", "10.1.0.1"];
const FAR = ["10.0.0.2", "10.1.0.2"];

const far = await addHost("far");
const links = [0, 1].map((i) =>
  addLink([here, `near${i}`, `${NEAR[i]}/24`], [far, `far${i}`, `${FAR[i]}/24`])
);
const options = JSON.stringify({ port: PORT, localAddresses: FAR });
const peer = start(far.command(commandOn(runtime, "test/helpers/host_peer.ts", [options])));
await peer.says(/listening/);

test.after(async () => {
  await peer.stop();
  await far.close();
});

/** An association over both links that has patience with them. */
async function associate(): Promise<Socket> {
  const socket = connect({
    port: PORT,
    localAddresses: NEAR,
    remoteAddresses: FAR,
    sctp: { rto: { initial: 1000, min: 1000, max: 1000 }, retransmissions: { association: 200, path: 100 } },
  });
  await once(socket, "connect");
  while (socket.paths().some(({ state }) => state !== "active")) await once(socket, "path");
  socket.write("tell");
  return socket;
}

const hasGot = (number: number) => new RegExp(`"got":${number},`);

test("a message goes to its destination, and not the way of those before it", async () => {
  const socket = await associate();
  socket.write("1");
  await peer.says(hasGot(1));
  await links[0]!.cut();
  socket.send("2", { stream: 1 }); // over the primary path
  socket.send("3", { stream: 2, destination: FAR[1]! });
  await peer.says(hasGot(3));
  assert.not.match(peer.stdout.toString(), hasGot(2));
  await links[0]!.restore();
  await peer.says(hasGot(2));
  socket.end();
  await once(socket, "close");
});

test("what has a limit is given up by it, after it was sent, and what has none arrives", async () => {
  const socket = await associate();
  socket.write("4");
  await peer.says(hasGot(4));
  assert.is(socket.features!.partialReliability, true);
  for (const link of links) await link.cut();
  socket.send("5", { stream: 1, timeToLive: LIFE_MS });
  socket.send("6", { stream: 2, maxRetransmits: 0 });
  socket.send("7", { stream: 3 });
  for (;;) {
    const { sent, unsent } = socket.stats().abandoned!;
    if (sent + unsent === 2) break;
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  for (const link of links) await link.restore();
  await peer.says(hasGot(7));
  socket.send("8", { stream: 1 });
  socket.send("9", { stream: 2 });
  await peer.says(hasGot(8));
  await peer.says(hasGot(9));
  for (const lost of [5, 6]) assert.not.match(peer.stdout.toString(), hasGot(lost));
  socket.end();
  await once(socket, "close");
});

test.run();
