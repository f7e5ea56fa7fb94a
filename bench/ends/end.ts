/**
 * One end of one run, on Node or Deno; baseline.c is the same in C.
 *
 *     end server|client flood|ping-pong SIZE WARM_UP_MS RUN_MS MOST [PORT]
 *
 * A server prints {"port":N} first. Each end prints its report as the last line. A run ends when its time or its
 * number of messages is up. Its last message carries how many there were, so that a loss would be seen.
 */
import { Buffer } from "node:buffer";
import { once } from "node:events";
import process from "node:process";
import { connect, counters, createServer, type Socket } from "netsctp";
import { type EndReport, MARGIN_MS, Window } from "./window.ts";

const [role, load, ...numbers] = process.argv.slice(2);
const [size = 0, warmUpMs = 0, runMs = 0, most = 0, port = 0] = numbers.map(Number);
const isPingPong = load === "ping-pong";

// In the first byte of a message; behind it the last one carries the count. The same in baseline.h.
const LAST = 1;
const COUNT_OFFSET = 4;

const LOOK_EVERY = 64;

function lastMessage(count: number): Buffer {
  const message = Buffer.alloc(size);
  message[0] = LAST;
  message.writeUInt32LE(count, COUNT_OFFSET);
  return message;
}

/** Counts what comes in, and sends it back if that is the load. */
async function receive(socket: Socket): Promise<EndReport> {
  let messages = 0;
  let expected = 0;
  const window = new Window(() => messages);
  socket.once("data", () => window.begin(warmUpMs, runMs));
  socket.on("data", (message) => {
    messages++;
    if (messages % LOOK_EVERY === 0) window.look();
    if (isPingPong) socket.write(message);
    if (message[0] === LAST) {
      window.close();
      expected = message.readUInt32LE(COUNT_OFFSET);
    }
  });
  await once(socket, "close");
  if (messages !== expected) throw new Error(`${messages} messages came in, and ${expected} were sent`);
  return window.report(messages);
}

/** Sends as fast as the stack takes it. */
async function flood(socket: Socket): Promise<EndReport> {
  const window = new Window(() => counters().messagesOut);
  const plain = Buffer.alloc(size);
  let sent = 0;
  let isOver = false;
  setTimeout(() => isOver = true, warmUpMs + runMs + MARGIN_MS);
  window.begin(warmUpMs, runMs);
  // Timers get their turn while the socket is full.
  while (!isOver && sent < most) {
    if (socket.writableNeedDrain) await once(socket, "drain");
    do sent++; while (socket.write(plain) && sent < most);
  }
  socket.end(lastMessage(++sent));
  socket.resume();
  await once(socket, "close");
  window.close();
  return window.report(sent);
}

/** One message at a time, each sent when the one before came back. */
async function pingPong(socket: Socket): Promise<EndReport> {
  const times = new Float64Array(most);
  const plain = Buffer.alloc(size);
  let trips = 0;
  let measured = 0;
  let sentAt = 0;
  let isOver = false;
  const window = new Window(() => trips);
  setTimeout(() => isOver = true, warmUpMs + runMs + MARGIN_MS);
  window.begin(warmUpMs, runMs);

  const send = () => {
    sentAt = performance.now();
    socket.write(isOver || trips === most - 1 ? lastMessage(trips + 1) : plain);
  };
  socket.on("data", (message) => {
    trips++;
    if (window.isOpen) times[measured++] = performance.now() - sentAt;
    if (message[0] === LAST) socket.end();
    else send();
  });
  send();
  await once(socket, "close");
  window.close();
  times.subarray(0, measured).sort();
  const at = (share: number) => times[Math.floor(measured * share)]! * 1000;
  return { ...window.report(trips), roundTrip: { p50: at(0.5), p99: at(0.99) } };
}

async function serve(): Promise<EndReport> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  console.log(JSON.stringify({ port: server.address()!.port }));
  const [socket] = await once(server, "connection") as [Socket];
  const report = await receive(socket);
  server.close();
  return report;
}

async function drive(): Promise<EndReport> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  return isPingPong ? await pingPong(socket) : await flood(socket);
}

console.log(JSON.stringify(await (role === "server" ? serve() : drive())));
