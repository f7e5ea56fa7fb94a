// The base station's end of 5G's N2 interface (a gNB): connects to an AMF and sets the interface up (NG Setup, TS 38.413
// section 8.7.1).
//
//   node --import tsx examples/ngap/gnb.ts [PORT [HOST]]
//   deno run --allow-ffi --allow-env examples/ngap/gnb.ts [PORT [HOST]]
import process from "node:process";
import { connect } from "netsctp";
import { decode, nameIn, NG_SETUP, NON_UE_STREAM, PPID, setupRequest } from "./messages.ts";

const [port = "38412", host = "127.0.0.1"] = process.argv.slice(2);

// Stream 0 is for what belongs to the interface as a whole. Each terminal gets one of the others, for as long as it is
// connected, so that its messages keep their order and those of other terminals need not wait for them.
const socket = connect({ port, host, OS: 8, MIS: 8 });

socket.on("connect", () => {
  console.log(`connected: ${socket.outboundStreams} streams out, ${socket.inboundStreams} in`);
  const request = setupRequest("example-gnb", 0x000001);
  socket.write(Object.assign(request, { sid: NON_UE_STREAM, ppid: PPID }));
  console.log(`> NG Setup Request, ${request.length} bytes`);
});

socket.setTimeout(10_000, () => socket.destroy(new Error("the AMF does not answer")));

let isUp = false;
socket.on("data", (message) => {
  try {
    if (message.ppid !== PPID) throw new Error(`identifier ${message.ppid} is not NGAP's`);
    const pdu = decode(message);
    if (pdu.procedure !== NG_SETUP) throw new Error(`procedure ${pdu.procedure} came, not the answer`);
    if (pdu.kind !== "response") throw new Error("the AMF refuses: NG Setup Failure");
    console.log(`< NG Setup Response on stream ${message.sid}, from ${nameIn(pdu)}`);
    isUp = true;
    socket.end(); // a real gNB stays
  } catch (error) {
    socket.destroy(error as Error);
  }
});

socket.on("error", (error) => console.error(error.message));
socket.on("close", () => {
  if (isUp) return console.log("closed");
  console.error("there was no NG Setup");
  process.exitCode = 1;
});
