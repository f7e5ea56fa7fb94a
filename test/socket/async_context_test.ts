/**
 * AsyncLocalStorage and async ids: what happens on a socket runs in the context that made it, whoever made the first
 * socket of the process; on a server's sockets as the runtime's own `net` has it.
 */
import { AsyncLocalStorage, executionAsyncId } from "node:async_hooks";
import { Buffer } from "node:buffer";
import { once } from "node:events";
import * as net from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type ConnectOptions, createServer, type Server, type Socket } from "netsctp";
import { closed, endpointOf, listening } from "../helpers/pair.ts";

const storage = new AsyncLocalStorage<string>();
const current = () => storage.getStore();

/** Runs in that context, and gives what it gives. */
const within = <T>(store: string, run: () => T): T => storage.run(store, run);

const EVENTS = [
  "lookup",
  "connectionAttempt",
  "connectionAttemptFailed",
  "connect",
  "ready",
  "data",
  "notification",
  "peer-info-update",
  "end",
  "error",
  "close",
];

/** Notes the context of each event. Listens in one of its own, which is to be seen nowhere. */
function noted(socket: Socket, events = EVENTS): Map<string, Set<string | undefined>> {
  const seen = new Map<string, Set<string | undefined>>();
  within("who listens", () => {
    for (const event of events) {
      socket.on(event as "ready", () => void seen.set(event, (seen.get(event) ?? new Set()).add(current())));
    }
  });
  return seen;
}

/** Those events came, and whatever came had that context. */
function assertSeen(seen: Map<string, Set<string | undefined>>, store: string, events: string[]): void {
  const missing = events.filter((event) => !seen.has(event));
  assert.equal(missing, []);
  const contexts = [...seen].map(([event, stores]) => [event, ...stores]);
  assert.equal(contexts, contexts.map(([event]) => [event, store]));
}

/** Everything before is the first of this process to use a stack: its context must not be seen on others. */
const first = await within("the first", () => listening({}, "127.0.0.1"));
await within("the first", async () => {
  const socket = connect(endpointOf(first)).resume();
  await once(socket, "connect");
  await once(socket.end(), "close");
});

/** A server that answers each message and ends after the last. */
function answering(): Promise<Server> {
  const server = within("who listens to the server", () =>
    createServer((peer) => {
      peer.on("data", (message) => message.toString() === "last" ? peer.end("answer") : peer.write("answer"));
      peer.on("error", () => {});
    }));
  within("listen", () => server.listen({ port: 0, host: "127.0.0.1" }));
  return once(server, "listening").then(() => server);
}

/** In a later turn of the event loop. */
const later = () => new Promise<void>((resolve) => setImmediate(resolve));

const slowLookup: ConnectOptions["lookup"] = (_name, options, callback) =>
  within("a lookup of the user's", () => {
    later().then(() => callback(null, options.all ? [{ address: "127.0.0.1", family: 4 }] : "127.0.0.1", 4));
  });

test("each socket has the context of its connect(), in every event and callback", async () => {
  const server = await answering();
  const { port } = endpointOf(server);
  const ways: Partial<ConnectOptions>[] = [{ host: "127.0.0.1" }, { host: "name", lookup: slowLookup }];
  const talks = ["a", "b", "c", "d"].map(async (tenant, i) => {
    const way = ways[i % 2]!;
    const callbacks: (string | undefined)[] = [];
    const note = () => void callbacks.push(current());
    const socket = within(tenant, () => connect({ port, ...way }, note));
    const seen = noted(socket);
    within(tenant, () => {
      socket.setTimeout(60_000, () => {});
      socket.write("waits until it is up", note);
      socket.write("the same", note);
    });
    await once(socket, "connect");
    within(tenant, () => socket.write("at once", note));
    await within(tenant, () => new Promise<void>((resolve) => socket.write("last", () => resolve(note()))));
    await once(socket, "close");
    const events = EVENTS.filter((one) => !/error|Failed/.test(one) && (one !== "lookup" || "lookup" in way));
    assertSeen(seen, tenant, events);
    assert.equal(callbacks, Array(5).fill(tenant));
  });
  await Promise.all(talks);
  await closed(server);
});

test("an attempt that fails, too: by the stack, by connectTimeout, by an error of the lookup", async () => {
  const gone = await listening({}, "127.0.0.1");
  const { port } = endpointOf(gone);
  await closed(gone);
  const error = Object.assign(new Error("no such name"), { code: "ENOTFOUND" });
  const ways: [Partial<ConnectOptions>, string[]][] = [
    [{ host: "127.0.0.1" }, ["connectionAttempt", "connectionAttemptFailed", "error", "close"]],
    [
      { host: "name", lookup: (_name, _options, callback) => later().then(() => callback(error, "")) },
      [
        "lookup",
        "error",
        "close",
      ],
    ],
    [{ host: "name", connectTimeout: 1, lookup: () => {} }, ["error", "close"]],
  ];
  await Promise.all(ways.map(async ([way, events], i) => {
    const socket = within(`tenant ${i}`, () => connect({ port, ...way }));
    const seen = noted(socket);
    await new Promise((resolve) => socket.once("close", resolve));
    assertSeen(seen, `tenant ${i}`, events);
  }));
});

test("what a call brings about has the context of the call: a write that waits, setTimeout(), end(), destroy()", async () => {
  const server = within("listen", () => createServer({ recvBufferSize: 8192 })).listen({
    port: 0,
    host: "127.0.0.1",
  });
  await once(server, "listening");
  const socket = within("made", () => connect({ ...endpointOf(server), sendBufferSize: 8192 }));
  const [[peer]] = await Promise.all([once(server, "connection"), once(socket, "connect")]) as [
    [Socket],
    unknown,
  ];
  peer.pause();
  const written = within("written", () => {
    const answers = Array.from(
      { length: 200 },
      () => new Promise((resolve) => socket.write(Buffer.alloc(4000), () => resolve(current()))),
    );
    return Promise.all(answers);
  });
  const timedOut = within(
    "timed",
    () => new Promise((resolve) => socket.setTimeout(10, () => resolve(current()))),
  );
  assert.is(await timedOut, "timed");
  socket.setTimeout(0);
  peer.resume();
  assert.equal(await written, Array(200).fill("written"));
  const ended = within("ended", () => new Promise((resolve) => socket.end(() => resolve(current()))));
  assert.is(await ended, "ended");
  await once(peer, "close");
  await closed(server);
});

/** What a server's sockets see in the `net` of this runtime: in 'connection', then in 'data', 'end' and 'close'. */
async function seenOn(server: net.Server | Server, dial: (port: number) => net.Socket | Socket) {
  const connections: (string | undefined)[] = [];
  const sockets = new Set<string | undefined>();
  const isOver = new Promise<void>((resolve) => {
    server.on("connection", (socket: net.Socket | Socket) => {
      connections.push(current());
      const note = () => void sockets.add(current());
      for (const event of ["data", "end", "close"]) (socket as net.Socket).on(event, note);
      socket.on("close", () => connections.length === 2 && resolve());
    });
  });
  within("listen", () => server.listen({ port: 0, host: "127.0.0.1" }));
  await once(server, "listening");
  const { port } = server.address() as net.AddressInfo;
  for (const tenant of ["tenant a", "tenant b"]) {
    const socket = within(tenant, () => dial(port)).resume();
    socket.end("x");
    await once(socket, "close");
  }
  await isOver;
  await new Promise<void>((resolve) => void server.close(() => resolve()));
  return { connections, sockets: [...sockets] };
}

test("'timeout' has the context of setTimeout(), also when another's traffic has started it again", async () => {
  const server = await answering();
  const socket = within("who connects", () => connect(endpointOf(server)).resume());
  await once(socket, "connect");
  const fired = () =>
    within("who listens", () => new Promise((resolve) => socket.once("timeout", () => resolve(current()))));
  const first = fired();
  within("who waits", () => socket.setTimeout(10));
  assert.is(await first, "who waits");
  const second = fired();
  within("who writes", () => socket.write("one more"));
  assert.is(await second, "who waits");
  await once(socket.end(), "close");
  await closed(server);
});

test("'connection' has the context of listen(); the sockets it gives have what net's have", async () => {
  const ours = await seenOn(createServer(), (port) => connect({ port, host: "127.0.0.1" }));
  assert.equal(ours.connections, ["listen", "listen"]);
  assert.equal(ours, await seenOn(net.createServer(), (port) => net.connect({ port, host: "127.0.0.1" })));
});

test("'drop' has the context of listen()", async () => {
  const server = createServer();
  server.maxConnections = 0;
  const dropped = new Promise((resolve) => server.on("drop", () => resolve(current())));
  within("listen", () => server.listen({ port: 0, host: "127.0.0.1" }));
  await once(server, "listening");
  const socket = within("tenant", () => connect(endpointOf(server)).on("error", () => {}));
  const isClosed = new Promise((resolve) => socket.on("close", resolve)); // from the beginning: it may come with the drop
  assert.is(await dropped, "listen");
  await isClosed;
  await closed(server);
});

/** The ids of what two sockets get at three times. */
async function idsOf(dial: (port: number) => net.Socket | Socket, server: net.Server | Server) {
  server.listen({ port: 0, host: "127.0.0.1" });
  await once(server, "listening");
  const { port } = server.address() as net.AddressInfo;
  const ids: number[][] = [];
  for (let i = 0; i < 2; i++) {
    const socket = dial(port);
    const mine: number[] = [];
    ids.push(mine);
    await once(socket, "connect");
    for (let j = 0; j < 3; j++) {
      socket.write("x");
      await new Promise<void>((resolve) =>
        (socket as net.Socket).once("data", () => resolve(void mine.push(executionAsyncId())))
      );
    }
    await once(socket.end().resume(), "close");
  }
  await new Promise<void>((resolve) => void server.close(() => resolve()));
  return ids;
}

/** How many ids a socket has, and all of them. */
const shape = (ids: number[][]) => ids.map((one) => new Set(one).size).concat(new Set(ids.flat()).size);

test("executionAsyncId() tells sockets apart where net's does", async () => {
  const ours = await idsOf(
    (port) => connect({ port, host: "127.0.0.1" }),
    createServer((peer) => void peer.on("data", (message) => peer.write(message))),
  );
  const theirs = await idsOf(
    (port) => net.connect({ port, host: "127.0.0.1" }),
    net.createServer((peer) => void peer.on("data", (message) => peer.write(message))),
  );
  if (theirs.flat().some((id) => id !== 0)) assert.equal(shape(ours), shape(theirs));
});

test("the first server closes", () => closed(first));

test.run();
