// Unrefs its socket, says what it hears of it, and ends when nothing is left to do. Its arguments: where the peer is, as
// JSON, and what it does.
import { Buffer } from "node:buffer";
import process from "node:process";
import { connect, type ConnectOptions, type Socket } from "netsctp";

const [, , peer, way] = process.argv;
const { host, ...ports } = JSON.parse(peer!) as { host: string; port: number; udpPort?: number };

function unrefd(options: Partial<ConnectOptions> = {}): Socket {
  const socket = connect({ host, ...ports, ...options }).unref();
  socket.on("connect", () => console.log("connect"));
  return socket.on("error", (error: NodeJS.ErrnoException) => console.log(error.code));
}

const written = (error?: Error | null) => console.log(error?.message ?? "written");

const WAYS: Record<string, () => unknown> = {
  "connects": () => unrefd(),
  "connects to nobody who answers": () => unrefd({ connectTimeout: 200 }),
  "looks up a name, slowly": () => {
    const lookup: ConnectOptions["lookup"] = (_name, { all }, found) => {
      setTimeout(() => all ? found(null, [{ address: host, family: 4 }]) : found(null, host, 4), 100);
    };
    unrefd({ host: "a.name.example", lookup });
  },
  "writes while it connects": () => unrefd().write("last words", written),
  "ends while it connects": () => unrefd().end("last words"),
  "ends and destroys": () => {
    const socket = unrefd().on("close", () => console.log("close"));
    socket.once("connect", () => socket.end("last words").destroy());
  },
  "writes what has to wait": () => {
    const socket = unrefd({ sendBufferSize: 50_000 }).once("connect", () => {
      for (let i = 1; i < 60; i++) socket.write(Buffer.alloc(20_000));
      socket.write(Buffer.alloc(20_000), written);
      socket.end();
    });
  },
  "reads": () => unrefd().resume(),
  "reads after ref() and unref()": () => unrefd().ref().unref().resume(),
};

WAYS[way!]!();
