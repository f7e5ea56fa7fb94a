// A server on another host, `host_peer.ts OPTIONS...`: one for each set of options of createServer() and listen(), in
// JSON. Tells in lines of JSON where they listen, of each connection and of each message, a number, and when it came. The
// first message of a connection says what it is for: "send" has it sent such messages, each the time when it is sent, whatever
// else has its messages told alone. "where" has the addresses told again.
import type { Buffer } from "node:buffer";
import process from "node:process";
import { createServer, type ListenOptions, type ServerOptions, type Socket } from "netsctp";

const EVERY_MS = 50;
const tell = (line: object) => console.log(JSON.stringify(line));

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
    if (purpose !== undefined) return tell({ name: purpose, got: Number(text), at: Date.now() });
    purpose = text;
    tellAddresses();
    if (!purpose.startsWith("send")) return;
    sending = setInterval(() => socket.write(String(Date.now())), EVERY_MS);
  });
  socket.on("error", ({ message }) => tell({ name: purpose, error: message }));
  socket.on("end", () => clearInterval(sending));
  socket.on("close", () => {
    clearInterval(sending);
    tell({ name: purpose, closed: true });
  });
}

const servers = process.argv.slice(2).map((text) => {
  const options = JSON.parse(text) as ServerOptions & ListenOptions;
  const server = createServer(options, talk);
  server.on("error", ({ message }) => tell({ error: message }));
  server.listen(options, () => tell({ listening: server.address()!.port }));
  return server;
});
process.stdin.on("end", () => servers.forEach((server) => server.close())).resume();
