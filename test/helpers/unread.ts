// A program one end of which does not read: `unread.ts WAY`. It ends when nothing is left that could come of it.
import { once } from "node:events";
import process from "node:process";
import { connect, createServer, type ServerOptions, type Socket } from "netsctp";

interface Way {
  server?: ServerOptions;
  /** What the end that does not read does beside that. */
  leave?(peer: Socket): void;
  /** How the other end goes, which has written two messages. Default: end(). */
  go?(client: Socket, peer: Socket): void;
}

/** An ABORT may overtake what the other end has not taken from its stack yet. */
async function destroyOnceRead(client: Socket, peer: Socket): Promise<void> {
  while (peer.readableLength === 0) await new Promise((resolve) => setImmediate(resolve));
  client.destroy();
}

const WAYS: Record<string, Way> = {
  "paused": { leave: (peer) => peer.pause() },
  "full": { server: { highWaterMark: 1 } },
  "held": { server: { pauseOnConnect: true } },
  "aborted": { server: { highWaterMark: 1 }, go: destroyOnceRead },
  "ended": { server: { highWaterMark: 1 }, leave: (peer) => peer.end("bye") },
};

const { server: options, leave, go = (client: Socket) => client.end() } = WAYS[process.argv[2]!]!;
const server = createServer(options);
server.listen(0, "127.0.0.1");
await once(server, "listening");
const client = connect(server.address()!.port, "127.0.0.1");
const [[peer]] = await Promise.all([once(server, "connection"), once(client, "connect")]) as [
  [Socket],
  unknown,
];
peer.on("error", () => {}).on("close", () => console.log("closed, although nobody has read"));
for (const socket of [client, server]) socket.unref(); // what keeps this process is the other end alone
client.resume().write("first");
client.write("second", () => {
  leave?.(peer);
  go(client, peer);
});
process.on("exit", () => console.log(peer.closed ? "closed" : "left"));
