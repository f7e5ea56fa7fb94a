// A small signalling gateway (SG), for asp.ts to talk to: it follows each ASP's state, answers as RFC 4666 section 4.3
// says, and sends DATA back as if the other end of the network had answered. It routes nothing. Ends on Ctrl-C.
//
//   node --import tsx examples/m3ua/gateway.ts [PORT [HOST]]
//   deno run --allow-ffi --allow-env examples/m3ua/gateway.ts [PORT [HOST]]
import process from "node:process";
import { createServer, type Message, type Socket } from "netsctp";
import { decode, decodeData, encode, encodeData, MANAGEMENT, PPID, TAG, u32 } from "./messages.ts";
import type { M3uaMessage, Name } from "./messages.ts";

const [port = "2905", host = "127.0.0.1"] = process.argv.slice(2);
const UNEXPECTED_MESSAGE = 6; // RFC 4666 section 3.8.1
/** The states of an application server, as NTFY tells of them (RFC 4666 section 3.8.2): type 1, and which. */
const AS_INACTIVE = u32(0x0001_0002), AS_ACTIVE = u32(0x0001_0003);

type State = "down" | "inactive" | "active";
const asps = new Map<Socket, State>();

function serve(socket: Socket): void {
  const peer = `${socket.remoteAddress} port ${socket.remotePort}`;
  const send = (name: Name, parameters: Iterable<[number, Uint8Array]> = [], sid = MANAGEMENT) =>
    socket.write(Object.assign(encode(name, parameters), { sid, ppid: PPID }));
  const move = (state: State) => {
    asps.set(socket, state);
    console.log(`${peer}: ${state}`);
  };

  function answer({ name, parameters }: M3uaMessage, sid: number): void {
    const state = asps.get(socket);
    if (name === "BEAT") {
      send("BEAT_ACK", parameters);
    } else if (name === "ASPUP") {
      send("ASPUP_ACK");
      move("inactive");
      send("NTFY", [[TAG.STATUS, AS_INACTIVE]]);
    } else if (name === "ASPAC" && state !== "down") {
      send("ASPAC_ACK", parameters); // traffic mode and routing context as they were asked for
      move("active");
      send("NTFY", [[TAG.STATUS, AS_ACTIVE]]);
    } else if (name === "DATA" && state === "active" && sid !== MANAGEMENT) {
      const data = decodeData(parameters.get(TAG.PROTOCOL_DATA));
      console.log(`${peer}: ${data.payload.length} bytes from point code ${data.opc} to ${data.dpc}`);
      const back = encodeData({ ...data, opc: data.dpc, dpc: data.opc });
      send("DATA", new Map([...parameters, [TAG.PROTOCOL_DATA, back]]), sid);
    } else if (name === "ASPIA" && state === "active") {
      send("ASPIA_ACK", parameters);
      move("inactive");
    } else if (name === "ASPDN") {
      send("ASPDN_ACK");
      move("down");
    } else {
      console.log(`${peer}: ${name} on stream ${sid} in state ${state} is refused`);
      send("ERR", [[TAG.ERROR_CODE, u32(UNEXPECTED_MESSAGE)]]);
    }
  }

  move("down");
  socket.on("data", (message: Message) => {
    try {
      if (message.ppid !== PPID) throw new Error(`identifier ${message.ppid} is not M3UA's`);
      answer(decode(message), message.sid);
    } catch (error) {
      socket.destroy(error as Error); // an ABORT: such a peer is not worth a conversation
    }
  });
  socket.on("error", (error) => console.error(`${peer}: ${error.message}`));
  socket.on("close", () => {
    asps.delete(socket);
    console.log(`${peer}: gone`);
  });
}

const server = createServer({ OS: 4, MIS: 4 }, serve);
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
  for (const socket of asps.keys()) socket.end();
});
