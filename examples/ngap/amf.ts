// The core network's end of 5G's N2 interface (an AMF), as far as NG Setup goes: answers each base station's request.
// Ends on Ctrl-C.
//
//   node --import tsx examples/ngap/amf.ts [PORT [HOST]]
//   deno run --allow-ffi --allow-env examples/ngap/amf.ts [PORT [HOST]]
import process from "node:process";
import { createServer, type Socket } from "netsctp";
import { decode, nameIn, NG_SETUP, NON_UE_STREAM, PPID, setupResponse } from "./messages.ts";

const [port = "38412", host = "127.0.0.1"] = process.argv.slice(2);
const stations = new Set<Socket>();

const server = createServer({ OS: 8, MIS: 8 }, (socket) => {
  const peer = `${socket.remoteAddress} port ${socket.remotePort}`;
  stations.add(socket);
  socket.on("data", (message) => {
    try {
      // Whoever forgets the identifier is refused by most AMFs; it is the first thing to look at in a trace.
      if (message.ppid !== PPID) throw new Error(`identifier ${message.ppid} is not NGAP's`);
      const pdu = decode(message);
      if (pdu.kind !== "request" || pdu.procedure !== NG_SETUP) {
        throw new Error(`procedure ${pdu.procedure} is not handled here`);
      }
      console.log(`${peer}: NG Setup Request on stream ${message.sid}, from ${nameIn(pdu)}`);
      socket.write(Object.assign(setupResponse("example-amf"), { sid: NON_UE_STREAM, ppid: PPID }));
    } catch (error) {
      socket.destroy(error as Error); // ABORT
    }
  });
  socket.on("error", (error) => console.error(`${peer}: ${error.message}`));
  socket.on("close", () => {
    stations.delete(socket);
    console.log(`${peer}: gone`);
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
  for (const socket of stations) socket.end();
});
