/** Servers and connections in workers: each has a loop of its own, which ends with it, however it ends. */
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type AddressInfo, connect, counters, createServer, type Message, type Socket } from "netsctp";
import { skip, webWorkers } from "../helpers/capabilities.ts";
import { type Life, watch } from "../helpers/events.ts";
import { receive } from "../helpers/messages.ts";
import { closed, endpointOf, listening } from "../helpers/pair.ts";
import { checkPlan, sendPlan } from "../helpers/plan.ts";
import { startWebWorker, startWorker, type TestWorker } from "../helpers/workers.ts";

const host = "127.0.0.1";

async function serverIn(worker: TestWorker): Promise<number> {
  return (await worker.ask<AddressInfo>({ order: "serve" })).port;
}

/** A connection that has had an answer, so that both ends have it. */
async function connected(port: number): Promise<Socket> {
  const socket = connect({ port, host });
  socket.write("hello");
  await receive(socket, 1);
  return socket;
}

async function several(port: number, count: number): Promise<Life[]> {
  const sockets = await Promise.all(Array.from({ length: count }, () => connected(port)));
  return sockets.map(watch);
}

/** What each went through, once all are closed. */
async function ends(lives: Life[]): Promise<string[]> {
  await Promise.all(lives.map((life) => life.closed));
  return lives.map((life) => life.events.join());
}

/** Nothing tells of the end of a worker's thread, which may come after that of the worker. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}

const nothingIsOpen = () => until(() => counters().openHandles === 0);

const descriptors = () => readdirSync("/proc/self/fd").length;

const ABORTED = "ECONNRESET,close";

test("a server in a worker serves this thread, whose server serves the worker", async () => {
  const worker = startWorker();
  const client = connect({ port: await serverIn(worker), host });
  await Promise.all([sendPlan(client, 1), checkPlan(client, 1)]);

  const server = await listening();
  server.on(
    "connection",
    (peer) => peer.on("error", () => {}).on("data", (message: Message) => peer.write(message)),
  );
  assert.is(await worker.ask({ order: "say", ...endpointOf(server), text: "from there" }), "from there");

  const life = watch(client);
  await worker.terminate();
  assert.equal(await ends([life]), [ABORTED]);
  await closed(server); // which waits for the worker's connection
  await nothingIsOpen();
});

test("an open server keeps its worker alive, an unref'd one lets it end", async () => {
  const worker = startWorker();
  const port = await serverIn(worker);
  assert.is(await worker.ask({ order: "leaveAlone" }), "alone");
  const client = await connected(port);
  client.write("unref the server");
  await receive(client, 1);
  client.resume().end();
  await once(client, "close");
  assert.is(await worker.ended, 0);
  await nothingIsOpen();
});

async function terminates(worker: TestWorker): Promise<void> {
  const port = await serverIn(worker);
  const lives = await several(port, 3);
  await worker.terminate();
  assert.equal(await ends(lives), [ABORTED, ABORTED, ABORTED]);
  await nothingIsOpen();
}

test("terminate() aborts what is open in the worker", () => terminates(startWorker()));

const WEB_WORKER = "terminate() aborts what is open in a worker of the browsers' kind";
if (webWorkers.reason) skip(WEB_WORKER, webWorkers.reason);
else test(WEB_WORKER, () => terminates(startWebWorker()));

test("so does process.exit() in the worker", async () => {
  const worker = startWorker();
  const lives = await several(await serverIn(worker), 3);
  worker.tell({ order: "exit", code: 3 });
  assert.is(await worker.ended, 3);
  assert.equal(await ends(lives), [ABORTED, ABORTED, ABORTED]);
  await nothingIsOpen();
});

test("the port of a worker that was terminated is free", async () => {
  const worker = startWorker();
  const port = await serverIn(worker);
  await worker.terminate();
  await nothingIsOpen();
  const server = createServer().listen({ port, host });
  await once(server, "listening");
  await closed(server);
});

test("workers come and go, four at a time with connections in full flow, and leave nothing behind", async () => {
  const before = descriptors();
  for (let round = 0; round < 6; round++) {
    const workers = Array.from({ length: 4 }, startWorker);
    const lives = await Promise.all(workers.map(async (worker) => {
      const port = await serverIn(worker);
      const sockets = await Promise.all([1, 2, 3].map(() => connected(port)));
      for (const socket of sockets) socket.on("data", (message) => socket.write(message)).write("on and on");
      return sockets.map(watch);
    }));
    await Promise.all(workers.map((worker) => worker.terminate()));
    for (const events of await ends(lives.flat())) assert.is(events, ABORTED);
    await nothingIsOpen();
  }
  // The userspace stack may keep its UDP port for a while. One descriptor for each worker would be a leak.
  await until(() => descriptors() < before + 6 * 4);
});

test.run();
