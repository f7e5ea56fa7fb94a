// One end, in a process of its own: `peer.ts listen HOST` or `peer.ts connect HOST PORT`. Tells in lines of JSON where
// it listens, how many messages of the plan it has checked, and what its socket went through. The word it reads from
// its input, `end` or `abort`, is how it is to close.
import { once } from "node:events";
import process from "node:process";
import { createInterface } from "node:readline";
import { connect, createServer, type Socket } from "netsctp";
import { watch } from "../helpers/events.ts";
import { checkPlan, sendPlan, STREAMS } from "../helpers/plan.ts";

const SERVER_SEED = 1000;
const CLIENT_SEED = 2000;
const [role, host, port] = process.argv.slice(2);
const streams = { OS: STREAMS, MIS: STREAMS };
const tell = (line: object) => console.log(JSON.stringify(line));

async function accepted(): Promise<Socket> {
  const server = createServer(streams);
  server.listen({ host: host!, port: 0 }, () => tell({ port: server.address()!.port }));
  const [socket] = await once(server, "connection") as [Socket];
  server.close();
  return socket;
}

async function connected(): Promise<Socket> {
  const socket = connect({ host: host!, port: Number(port), ...streams });
  await once(socket, "connect");
  return socket;
}

const isServer = role === "listen";
const socket = isServer ? await accepted() : await connected();
const life = watch(socket);
const checked = checkPlan(socket, isServer ? CLIENT_SEED : SERVER_SEED);
const [count] = await Promise.all([checked, sendPlan(socket, isServer ? SERVER_SEED : CLIENT_SEED)]);
tell({ checked: count, stack: socket.stack });

const commands = createInterface(process.stdin);
commands.on("line", (command) => {
  if (command === "abort") socket.destroy();
  else socket.end();
});
await life.closed;
commands.close();
process.stdin.destroy();
tell({ events: life.events });
