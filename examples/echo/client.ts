// The client of the echo example: sends each word as a message on a stream of its own, and checks what comes back.
//
//   node --import tsx examples/echo/client.ts [PORT [HOST [WORD...]]]
//   deno run --allow-ffi --allow-env examples/echo/client.ts [PORT [HOST [WORD...]]]
import { Buffer } from "node:buffer";
import process from "node:process";
import { connect } from "netsctp";

const [port = "7007", host = "127.0.0.1", ...given] = process.argv.slice(2);
const words = given.length > 0 ? given : ["one", "association,", "several", "streams"];

/** IANA's payload protocol identifier for echo. It is for the receiver: SCTP itself only carries it. */
const ECHO = 38;

// OS: how many streams we want to send on. What comes out of it is in socket.outboundStreams.
const socket = connect({ port, host, OS: words.length });

// Order is kept within a stream, not between streams: so answers are awaited stream by stream.
const awaited = new Map<number, string[]>();
socket.on("connect", () => {
  console.log(`connected to ${socket.remoteAddress} port ${socket.remotePort}, ${socket.stack} stack`);
  words.forEach((word, index) => {
    const sid = index % socket.outboundStreams;
    awaited.set(sid, [...awaited.get(sid) ?? [], word]);
    socket.write(Object.assign(Buffer.from(word), { sid, ppid: ECHO }));
  });
});

let missing = words.length;
socket.on("data", (message) => {
  console.log(`stream ${message.sid}, identifier ${message.ppid}: ${message}`);
  if (message.toString() !== awaited.get(message.sid)?.shift() || message.ppid !== ECHO) {
    socket.destroy(new Error("that is not what was sent")); // ABORT
  } else if (--missing === 0) socket.end(); // SHUTDOWN
});

socket.on("error", (error) => {
  console.error(error.message); // "connect ECONNREFUSED 127.0.0.1:7007"
  process.exitCode = 1;
});
socket.on("close", () => {
  if (missing > 0) {
    console.error(`closed, and ${missing} of ${words.length} answers are missing`);
    process.exitCode = 1;
  }
});
