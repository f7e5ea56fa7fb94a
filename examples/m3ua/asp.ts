// An application server process (ASP) of SIGTRAN: what an HLR or an SMSC is to a signalling gateway. It signs on (ASPUP),
// asks for traffic (ASPAC), checks that the gateway lives (BEAT), sends DATA and awaits DATA, and signs off again.
//
//   node --import tsx examples/m3ua/asp.ts [--host HOST] [--port PORT] [--local-port PORT]
//                                          [--routing-context N] [--opc N] [--dpc N]
//   deno run --allow-ffi --allow-env examples/m3ua/asp.ts ...
//
// Peers: gateway.ts beside this file; Osmocom's osmo-stp with osmo-stp.cfg, see ../README.md.
import { Buffer } from "node:buffer";
import process from "node:process";
import { parseArgs } from "node:util";
import { connect } from "netsctp";
import { decode, decodeData, encode, encodeData, MANAGEMENT, PPID, TAG, u32 } from "./messages.ts";
import type { M3uaMessage, Name } from "./messages.ts";

const string = { type: "string" } as const;
const { values: given } = parseArgs({
  options: {
    ...{ host: string, port: string, "local-port": string },
    ...{ "routing-context": string, opc: string, dpc: string },
  },
});
const { host = "127.0.0.1", port = "2905", opc = "1", dpc = "2" } = given;
const routingContext = given["routing-context"];
const SCCP = 3, LOADSHARE = 2;

const socket = connect({
  host,
  port,
  localPort: Number(given["local-port"] ?? 0),
  // Stream 0 is for management; the others are for DATA, so that one lost packet does not hold up all calls.
  OS: 4,
  MIS: 4,
});

function send(name: Name, parameters: [number, Uint8Array][] = [], sid = MANAGEMENT): void {
  console.log(`> ${name} on stream ${sid}`);
  socket.write(Object.assign(encode(name, parameters), { sid, ppid: PPID }));
}

// A real ASP would send again, and more than once (RFC 4666 section 4.3.4, T(ack)); this one gives up.
socket.setTimeout(10_000, () => socket.destroy(new Error("the gateway does not answer")));

const incoming = socket[Symbol.asyncIterator]();

/** The next message of that name. What the gateway may say at any time is dealt with on the way. */
async function receive(name: Name): Promise<M3uaMessage> {
  for (;;) {
    const { value, done } = await incoming.next();
    if (done) throw new Error(`the gateway has ended the association; ${name} was awaited`);
    const message = decode(value);
    console.log(`< ${message.name} on stream ${value.sid}`);
    if (message.name === name) return message;
    if (message.name === "BEAT") send("BEAT_ACK", [...message.parameters]); // the same data goes back
    else if (message.name === "ERR") {
      throw new Error(`the gateway reports error ${message.parameters.get(TAG.ERROR_CODE)?.readUInt32BE()}`);
    } else if (message.name !== "NTFY") throw new Error(`${message.name} came where ${name} was awaited`);
  }
}

try {
  // The states of an ASP are down, inactive, active (RFC 4666 section 4.3.1). Up it goes:
  send("ASPUP");
  await receive("ASPUP_ACK");

  // A routing context names the application server that this process works for, where there are several.
  const context: [number, Uint8Array][] = routingContext
    ? [[TAG.ROUTING_CONTEXT, u32(Number(routingContext))]]
    : [];
  send("ASPAC", [[TAG.TRAFFIC_MODE, u32(LOADSHARE)], ...context]);
  await receive("ASPAC_ACK");

  const sentAt = u32(Math.floor(Date.now() / 1000));
  send("BEAT", [[TAG.HEARTBEAT_DATA, sentAt]]);
  const beat = await receive("BEAT_ACK");
  if (!beat.parameters.get(TAG.HEARTBEAT_DATA)?.equals(sentAt)) {
    throw new Error("BEAT_ACK with other data than BEAT had");
  }

  // What SIGTRAN is for: an SCCP unitdata message (Q.713 section 4.10), from and to subsystem 250, with a text in it.
  const text = Buffer.from("hello");
  const payload = Buffer.of(0x09, 0, 3, 5, 7, 2, 0x42, 250, 2, 0x42, 250, text.length, ...text);
  const data = encodeData({ opc: Number(opc), dpc: Number(dpc), serviceIndicator: SCCP, sls: 5, payload });
  // The same link selection on the same stream keeps its messages in order; never stream 0.
  const sid = 1 + 5 % (socket.outboundStreams - 1);
  send("DATA", [...context, [TAG.PROTOCOL_DATA, data]], sid);
  const answer = decodeData((await receive("DATA")).parameters.get(TAG.PROTOCOL_DATA));
  console.log(
    `  from point code ${answer.opc} to ${answer.dpc}: ${Buffer.from(answer.payload.subarray(-text.length))}`,
  );
  if (!payload.equals(answer.payload)) throw new Error("the DATA that came back is not what was sent");

  // And down again.
  send("ASPIA", context);
  await receive("ASPIA_ACK");
  send("ASPDN");
  await receive("ASPDN_ACK");
  socket.end();
  if (!(await incoming.next()).done) throw new Error("something came after ASPDN_ACK");
  console.log("signed off");
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
  socket.destroy();
}
