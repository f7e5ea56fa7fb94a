// A Diameter node that connects: exchanges capabilities (CER, CEA), sends a watchdog (DWR, DWA), waits until the peer has
// sent one, too, and says good bye (DPR, DPA). RFC 6733 section 5.
//
//   node --import tsx examples/diameter/client.ts [PORT [HOST]]
//   deno run --allow-ffi --allow-env examples/diameter/client.ts [PORT [HOST]]
//
// Peers: server.ts beside this file; freeDiameterd with freediameter.conf, see ../README.md.
import { once } from "node:events";
import process from "node:process";
import { connect } from "netsctp";
import { AVP, COMMAND } from "./messages.ts";
import { Peer } from "./peer.ts";

const [port = "3868", host = "127.0.0.1"] = process.argv.slice(2);

const socket = connect({ port, host });
socket.on("error", (error) => {
  console.error(error.message);
  process.exitCode = 1;
});

try {
  await once(socket, "connect");
  const closed = once(socket, "close");
  const peer = new Peer(socket, "client.localdomain", "localdomain");
  const watched = new Promise<void>((resolve) => {
    peer.onRequest = (command) => command === COMMAND.DEVICE_WATCHDOG && resolve();
  });

  const { avps } = await peer.exchangeCapabilities();
  console.log(`the peer is ${avps.get(AVP.ORIGIN_HOST)}, ${avps.get(AVP.PRODUCT_NAME)}`);
  await peer.watchdog();
  // The peer's own comes when it has heard nothing for a while, 30 s as a rule (RFC 3539); from some at once.
  await Promise.race([
    watched,
    closed.then(() => Promise.reject(new Error("the peer has ended the connection"))),
  ]);
  await peer.disconnect();
  await closed;
  console.log("disconnected");
} catch (error) {
  if (process.exitCode !== 1) console.error((error as Error).message);
  process.exitCode = 1;
  socket.destroy();
}
