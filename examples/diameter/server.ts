// A Diameter node that is connected to: answers CER, DWR and DPR, and sends watchdogs of its own to every peer. Ends on
// Ctrl-C, after a DPR to each peer.
//
//   node --import tsx examples/diameter/server.ts [PORT [HOST [WATCHDOG_MS]]]
//   deno run --allow-ffi --allow-env examples/diameter/server.ts [PORT [HOST [WATCHDOG_MS]]]
//
// Peers: client.ts beside this file; freeDiameterd with freediameter.conf, see ../README.md.
import process from "node:process";
import { createServer } from "netsctp";
import { COMMAND } from "./messages.ts";
import { Peer } from "./peer.ts";

const [port = "3868", host = "127.0.0.1", watchdogMs = "30000"] = process.argv.slice(2);
/** Those whose capabilities are known. */
const peers = new Set<Peer>();

const server = createServer((socket) => {
  const name = `${socket.remoteAddress} port ${socket.remotePort}`;
  const peer = new Peer(socket, "server.localdomain", "localdomain");
  let watchdog: ReturnType<typeof setInterval>;

  peer.onRequest = (command) => {
    if (command !== COMMAND.CAPABILITIES_EXCHANGE || peers.has(peer)) return;
    peers.add(peer);
    // A real node sends them only when it has heard nothing for so long, and counts those without an answer (RFC 3539).
    const watch = () => peer.watchdog().catch((error: Error) => console.error(`${name}: ${error.message}`));
    watchdog = setInterval(watch, Number(watchdogMs));
    watch();
  };
  socket.on("error", (error) => console.error(`${name}: ${error.message}`));
  socket.on("close", () => {
    clearInterval(watchdog);
    peers.delete(peer);
    console.log(`${name}: gone`);
  });
});

server.on("error", (error) => {
  console.error(`cannot listen: ${error.message}`);
  process.exitCode = 1;
});
server.listen({ port, host }, () => {
  const { address, port } = server.address()!;
  console.log(`listening on ${address} port ${port}`);
});
process.once("SIGINT", () => {
  server.close();
  for (const peer of peers) peer.disconnect().catch((error: Error) => console.error(error.message));
});
