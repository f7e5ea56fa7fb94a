// A server on another host, `host_peer.ts OPTIONS...`: one for each set of options of createServer() and listen(), in
// JSON. Tells in lines of JSON where they listen, of each connection and of each message, a number or a timed message, and
// when it came. The first message of a connection says what it is for: "send" has it sent timed messages, whatever else has
// its messages told alone. "where" has the addresses told again. It also says how long the process stood still.
import { Buffer } from "node:buffer";
import process from "node:process";
import { createServer, type ListenOptions, type ServerOptions, type Socket } from "netsctp";
import { Standstill } from "./standstill.ts";
import { LEAST_RTO_MS, parseTimed, timedMessage } from "./timed_message.ts";

const EVERY_MS = 50;
const tell = (line: object) => console.log(JSON.stringify(line));

/** What JSON has made of a Buffer is one again. */
function withBuffers(_name: string, value: { type?: string; data: number[] } | null): unknown {
  return value?.type === "Buffer" ? Buffer.from(value.data) : value;
}

function talk(socket: Socket): void {
  let purpose: string | undefined;
  let sending: NodeJS.Timeout | undefined;
  const tellAddresses = () =>
    tell({
      name: purpose,
      localAddress: socket.localAddress,
      localAddresses: socket.localAddresses,
      remoteAddress: socket.remoteAddress,
      remoteAddresses: socket.remoteAddresses,
    });
  socket.on("data", (data: Buffer) => {
    const text = data.toString();
    if (text === "where") return tellAddresses();
    if (purpose !== undefined) {
      const { sent, overPrimary } = parseTimed(text);
      return tell({ name: purpose, got: sent, at: Date.now(), overPrimary });
    }
    purpose = text;
    tellAddresses();
    if (!purpose.startsWith("send")) return;
    sending = setInterval(() => socket.write(timedMessage(socket)), EVERY_MS);
  });
  socket.on("error", ({ message }) => tell({ name: purpose, error: message }));
  socket.on("end", () => clearInterval(sending));
  socket.on("close", () => {
    clearInterval(sending);
    tell({ name: purpose, closed: true });
  });
}

const standstill = new Standstill((ms) => {
  if (ms >= LEAST_RTO_MS) tell({ stoodStillMs: ms });
});
const servers = process.argv.slice(2).map((text) => {
  const options = JSON.parse(text, withBuffers) as ServerOptions & ListenOptions;
  const server = createServer(options, talk);
  server.on("error", ({ message }) => tell({ error: message }));
  const { sctp: _sctp, ...where } = options;
  server.listen(where, () => tell({ listening: server.address()!.port }));
  return server;
});
process.stdin.on("end", () => {
  standstill.end();
  for (const server of servers) server.close();
}).resume();
