// A server on another host, `counting_peer.ts PORT ADDRESS...`: a message is its number, and bytes that follow from it. "count"
// on its standard input has it tell how many came, in order and without a gap.
import process from "node:process";
import { createServer } from "netsctp";
import { payload } from "./messages.ts";

const [port, ...localAddresses] = process.argv.slice(2);
let count = 0;

const server = createServer((socket) => {
  socket.on("data", (data) => {
    const number = Number(data.ppid);
    if (number !== count || !payload(data.length, number).equals(data)) {
      throw new Error(`${number} after ${count}`);
    }
    count++;
  });
  socket.on("error", () => {});
});
server.listen({ port: Number(port), localAddresses }, () => console.log("listening"));
process.stdin.on("data", () => console.log(`count ${count}`));
