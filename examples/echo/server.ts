// The server of the echo example: sends every message back on the stream it came on. Ends in order on Ctrl-C.
//
//   node --import tsx examples/echo/server.ts [PORT [HOST]]
//   deno run --allow-ffi --allow-env examples/echo/server.ts [PORT [HOST]]
import process from "node:process";
import { createServer, type Socket } from "netsctp";

const [port = "7007", host = "127.0.0.1"] = process.argv.slice(2);
const open = new Set<Socket>();

// One call for each association: what TCP calls a connection.
const server = createServer((socket) => {
  const peer = `${socket.remoteAddress} port ${socket.remotePort}`;
  console.log(`${peer}: connected, ${socket.inboundStreams} streams in, ${socket.outboundStreams} out`);
  open.add(socket);

  // SCTP keeps messages apart: `message` is a Buffer with one whole message, and says which stream it came on (sid) and
  // what it is (ppid). Written again as it is, it goes out with the same two numbers.
  socket.on("data", (message) => {
    console.log(`${peer}: ${message.length} bytes on stream ${message.sid}, identifier ${message.ppid}`);
    // false says that enough is waiting to be sent: no more is read until that has gone out.
    if (!socket.write(message)) socket.pause();
  });
  socket.on("drain", () => socket.resume());

  // The peer has gone without a SHUTDOWN, say. Without this listener the error would end the program.
  socket.on("error", (error) => console.error(`${peer}: ${error.message}`));
  socket.on("close", () => {
    console.log(`${peer}: closed`);
    open.delete(socket);
  });
});

server.on("error", (error) => {
  console.error(`cannot listen: ${error.message}`);
  process.exitCode = 1;
});
server.listen({ port, host }, () => {
  const { address, port } = server.address()!;
  console.log(`listening on ${address} port ${port}, ${server.stack} stack`);
});

process.once("SIGINT", () => {
  server.close();
  for (const socket of open) socket.end(); // SHUTDOWN: what was written still arrives
});
