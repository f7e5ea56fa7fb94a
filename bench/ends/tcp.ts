/** The same flood over `node:net`, which knows no messages: there is one after each `size` bytes. */
import { Buffer } from "node:buffer";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { pump } from "./pump.ts";
import type { Task } from "./task.ts";
import { type EndReport, Window } from "./window.ts";

const noCounters = () => undefined;

export async function serve(task: Task): Promise<EndReport> {
  let bytes = 0;
  const window = new Window(() => bytes / task.size, noCounters);
  const server = createServer({ noDelay: true }).listen(0, "127.0.0.1");
  await once(server, "listening");
  console.log(JSON.stringify({ port: (server.address() as AddressInfo).port }));
  const [socket] = await once(server, "connection") as [Socket];
  window.begin(task);
  socket.on("data", (chunk) => {
    bytes += chunk.length;
    window.look();
  });
  await once(socket, "close");
  server.close();
  return window.report(bytes / task.size);
}

export async function flood(task: Task): Promise<EndReport> {
  let sent = 0;
  const socket = connect({ port: task.port, host: "127.0.0.1", noDelay: true });
  await once(socket, "connect");
  const window = new Window(() => sent - socket.writableLength / task.size, noCounters);
  const plain = Buffer.alloc(task.size);
  window.begin(task);
  await pump(socket, () => window.isOver, () => {
    sent++;
    return socket.write(plain);
  });
  socket.end();
  socket.resume();
  await once(socket, "close");
  return window.report(sent);
}
