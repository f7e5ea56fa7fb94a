// Failover, the sending end: numbered messages over an association with two paths, until Ctrl-C. Whatever happens to a
// path is printed; the receiver checks that no message is lost.
//
//   node --import tsx examples/failover/sender.ts PEER,PEER OWN,OWN [PORT]
//   deno run --allow-ffi --allow-env examples/failover/sender.ts PEER,PEER OWN,OWN [PORT]
//
// paths.sh beside this file makes two hosts with two paths between them; see ../README.md.
import process from "node:process";
import { connect } from "netsctp";

const [peers, own, port = "7009"] = process.argv.slice(2);
if (!peers || !own) {
  console.error(
    "usage: sender.ts PEER,PEER OWN,OWN [PORT], for instance: sender.ts 10.99.0.2,10.99.1.2 10.99.0.1,10.99.1.1",
  );
  process.exit(2);
}

const socket = connect({
  port,
  // All addresses of the one peer. The first is the primary: what is sent goes there as long as it answers.
  remoteAddresses: peers.split(","),
  // And ours. Bound to none, a socket has all of the machine's, also those that the peer cannot reach.
  localAddresses: own.split(","),
  // Paths that carry no messages are asked every 0.2 s whether they work, not every 30 s. That is how the other path is
  // known to be good before it is needed, and how a path that is restored is noticed.
  keepAlive: true,
  keepAliveInitialDelay: 200,
});

let sent = 0;
let sending: ReturnType<typeof setInterval>;

function paths(): string {
  const entries = Object.entries(socket.peerInfoByAddress ?? {});
  return entries.map(([address, info]) => `${address} ${info?.state === 2 ? "active" : "not active"}`).join(
    ", ",
  );
}

socket.on("connect", () => {
  console.log(`connected: ${paths()}`);
  sending = setInterval(() => {
    socket.write(`message ${++sent}`);
    if (sent % 100 === 0) console.log(`sent ${sent}; ${paths()}`);
  }, 10);
});

// Nothing has to be done when a path fails: SCTP sends again, and elsewhere. It only tells.
socket.on("notification", ({ parsed }) => {
  if (parsed.type === "path-change") console.log(`path to ${parsed.address?.address}: ${parsed.state}`);
});

socket.on("error", (error) => {
  console.error(error.message);
  process.exitCode = 1;
});
socket.on("close", () => {
  clearInterval(sending);
  console.log(`closed after ${sent} messages`);
});
socket.resume(); // nothing comes, and without a reader the end would not be seen either

process.once("SIGINT", () => {
  clearInterval(sending);
  socket.end(`end ${sent}`);
});
