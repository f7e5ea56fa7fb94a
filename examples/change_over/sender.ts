// Change-over, the sending end: numbered messages over one of two associations, until Ctrl-C. When that one fails, what its
// peer has not acknowledged goes over the other, ahead of what follows: as signalling links of M2PA (RFC 4165 section 4.2.1)
// and M3UA change over. So that a dead peer is noticed within a second or two, its timers are short.
//
//   node --import tsx examples/change_over/sender.ts PRIMARY,PORT[,UDPPORT] ALTERNATE,PORT[,UDPPORT]
//   deno run --allow-ffi --allow-env examples/change_over/sender.ts PRIMARY,PORT[,UDPPORT] ALTERNATE,PORT[,UDPPORT]
import process from "node:process";
import { connect, PPID, type Socket } from "netsctp";

const peers = process.argv.slice(2);
if (peers.length !== 2) {
  console.error("usage: sender.ts PRIMARY,PORT[,UDPPORT] ALTERNATE,PORT[,UDPPORT], for instance:");
  console.error("  sender.ts 10.99.0.2,3565 10.99.1.2,3565");
  process.exit(2);
}

// M2PA has user data on stream 1. A time-out of 400 ms at most, and four of them in a row: see docs/tuning.md.
const sctp = {
  send: { stream: 1, ppid: PPID.M2PA },
  rto: { initial: 200, min: 100, max: 400 },
  retransmissions: { association: 4, path: 4 },
  heartbeat: 500,
};

function link(peer: string): Socket {
  const [host, port, udpPort] = peer.split(",");
  const socket = connect({ host: host!, port: port!, ...(udpPort && { udpPort: Number(udpPort) }), sctp });
  socket.on("connect", () => console.log(`connected to ${peer}`));
  socket.on("drain", () => socket === active && fill());
  socket.on("error", (error) => console.log(`${peer}: ${error.message}`));
  socket.resume(); // nothing comes, and without a reader the end would not be seen either
  return socket;
}

const [primary, alternate] = [link(peers[0]!), link(peers[1]!)];
let active = primary;
let sent = 0;
let isSending = false;

/** Sends until enough waits; 'drain' tells when there is room again. */
function fill(): void {
  while (isSending) {
    const hasRoom = active.write(`${++sent} ${"x".repeat(sent % 500)}`);
    if (sent % 1000 === 0) console.log(`sent ${sent}`);
    if (!hasRoom) return;
  }
}

// All that the peer has not acknowledged, in the order in which it was written, before 'error' and 'close'. Nothing else is
// written to the other association before all of it is: that keeps the order. Of what was sent, the peer may have some.
const returned = { sent: 0, unsent: 0 };
primary.on("undelivered", ({ data, isSent }) => {
  returned[isSent ? "sent" : "unsent"]++;
  alternate.write(data); // it has its stream and its identifier
});

primary.on("close", () => {
  if (!isSending) return;
  console.log(
    `changed over: ${returned.sent} messages that may have arrived, ${returned.unsent} that were never sent`,
  );
  active = alternate;
  if (!alternate.writableNeedDrain) fill();
});

alternate.on("close", () => {
  if (isSending) process.exitCode = 1;
  isSending = false;
  console.log(`closed after ${sent} messages`);
  primary.destroy();
});

alternate.once("connect", () => {
  isSending = true;
  fill(); // what is written while the primary connects, waits
});

process.once("SIGINT", () => {
  isSending = false;
  if (active === alternate) alternate.end();
  else primary.end(() => alternate.end());
});
