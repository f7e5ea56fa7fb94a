// What a lost packet holds up, the sending end: twelve numbered messages, of which the network loses one; first over four
// streams, then over a single one. The receiver prints in which order they came.
//
//   node --import tsx examples/streams_without_blocking/sender.ts [UDP_PORT]
//   deno run --allow-ffi --allow-env --allow-net examples/streams_without_blocking/sender.ts [UDP_PORT]
//
// SCTP over UDP, so that a relay of ours can be the bad network. Start receiver.ts first.
import { Buffer } from "node:buffer";
import { once } from "node:events";
import process from "node:process";
import { connect } from "netsctp";
import { lossyRelay } from "./lossy_relay.ts";

const [udpPort = "9899"] = process.argv.slice(2);
const PORT = 7010, MESSAGES = 12;

async function send(streams: number): Promise<void> {
  const relay = await lossyRelay(Number(udpPort), "message 5.");
  const socket = connect({
    stack: "userspace",
    host: "127.0.0.1",
    port: PORT,
    udpPort: relay.port,
    OS: streams,
  });
  socket.resume(); // nothing comes back
  let timer: ReturnType<typeof setInterval> | undefined;
  try {
    await once(socket, "connect");
    const closed = once(socket, "close");
    let number = 0;
    // One after the other, so that each is a packet of its own. Nobody waits for an answer: they go out in this order.
    timer = setInterval(() => {
      number++;
      socket.write(Object.assign(Buffer.from(`message ${number}.`), { sid: number % streams }));
      if (number === MESSAGES) clearInterval(timer); // the receiver ends the association when it has all of them
    }, 20);
    await closed;
  } finally {
    clearInterval(timer);
    relay.close();
  }
}

try {
  await send(4);
  await send(1);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
