// Change-over, the receiving end: remembers the numbers of the messages that it gets. Two of them, the primary and the
// alternate, have all of them together. Ctrl-C ends it and has it print them.
//
//   node --import tsx examples/change_over/receiver.ts OWN [PORT]
//   deno run --allow-ffi --allow-env examples/change_over/receiver.ts OWN [PORT]
import process from "node:process";
import { createServer, PORT, PPID, type Socket } from "netsctp";

const [host, port = String(PORT.M2PA)] = process.argv.slice(2);
if (!host) {
  console.error("usage: receiver.ts OWN [PORT], for instance: receiver.ts 10.99.0.2");
  process.exit(2);
}

/** First and last of those that came one after the other. */
const runs: [first: number, last: number][] = [];

function take(number: number): void {
  const run = runs.at(-1);
  if (run !== undefined && number === run[1] + 1) run[1] = number;
  else runs.push([number, number]);
}

const sockets = new Set<Socket>();
const server = createServer((socket) => {
  const peer = socket.remoteAddress;
  console.log(`connected to ${peer}`);
  sockets.add(socket);
  socket.on("data", (message) => {
    if (message.sid !== 1 || message.ppid !== PPID.M2PA) throw new Error("this is no user data of M2PA");
    take(Number.parseInt(message.toString()));
  });
  socket.on("error", (error) => console.log(error.message));
  socket.on("close", () => {
    sockets.delete(socket);
    console.log(`association with ${peer} closed`);
  });
});
server.on("error", (error) => {
  console.error(`cannot listen: ${error.message}`);
  process.exitCode = 1;
});
server.listen({ host, port }, () => console.log(`listening on ${host}, port ${server.address()!.port}`));

process.once("SIGINT", () => {
  for (const socket of sockets) socket.destroy();
  server.close();
  console.log(`received ${runs.map((run) => run.join("-")).join(" ") || "nothing"}`);
});
