// What a lost packet holds up, the receiving end: prints the numbers of the messages in the order in which they come.
// Ends on Ctrl-C.
//
//   node --import tsx examples/streams_without_blocking/receiver.ts [UDP_PORT]
//   deno run --allow-ffi --allow-env examples/streams_without_blocking/receiver.ts [UDP_PORT]
import process from "node:process";
import { createServer } from "netsctp";

const [udpPort = "9899"] = process.argv.slice(2);
const PORT = 7010, MESSAGES = 12;

const server = createServer({ stack: "userspace" }, (socket) => {
  const numbers: number[] = [];
  let overtook = 0;
  socket.on("data", (message) => {
    const number = Number(/^message (\d+)\.$/.exec(message.toString())?.[1]);
    numbers.push(number);
    // Messages before this one that are not here yet: within a stream there is never one.
    if (numbers.length < number) overtook++;
    if (numbers.length === MESSAGES) socket.end();
  });
  socket.on("error", (error) => console.error(error.message));
  socket.on("close", () => {
    console.log(`${socket.inboundStreams} stream(s): ${numbers.join(" ")}`);
    console.log(`  ${overtook} did not have to wait for the one that was lost`);
  });
});
server.on("error", (error) => {
  console.error(`cannot listen: ${error.message}`);
  process.exitCode = 1;
});
server.listen({ host: "127.0.0.1", port: PORT, udpPort: Number(udpPort) }, () => {
  console.log(`listening on 127.0.0.1 port ${PORT}, over UDP port ${udpPort}`);
});
process.once("SIGINT", () => server.close());
