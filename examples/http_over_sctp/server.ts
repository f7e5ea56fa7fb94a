// HTTP over SCTP, the server: node:http does the talking, over a socket that is not TCP's. Ends on Ctrl-C.
//
//   node --import tsx examples/http_over_sctp/server.ts [PORT [HOST]]
//   deno run --allow-ffi --allow-env examples/http_over_sctp/server.ts [PORT [HOST]]
import { createServer as createWebServer } from "node:http";
import process from "node:process";
import { createServer, type Socket } from "netsctp";
import { identified } from "./identifier.ts";

const [port = "8080", host = "127.0.0.1"] = process.argv.slice(2);
const open = new Set<Socket>();

// An ordinary server of node:http, which never listens by itself.
const web = createWebServer((request, response) => {
  console.log(`${request.method} ${request.url}`);
  response.setHeader("content-type", "text/plain");
  if (request.method === "POST") request.pipe(response); // what came goes back
  else if (request.url === "/") response.end("hello over SCTP\n");
  else response.writeHead(404).end("there is nothing else here\n");
});

// On Deno, node:http closes each connection after its first answer unless its server listens. This one counts as listening.
Object.defineProperty(web, "listening", { value: true });

const server = createServer((socket) => {
  console.log(`association with ${socket.remoteAddress} port ${socket.remotePort}`);
  open.add(socket);
  socket.on("close", () => open.delete(socket));
  // All that node:http wants of a connection is a stream in both directions.
  web.emit("connection", identified(socket));
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
  for (const socket of open) socket.end();
});
