/** Scripts that see the same over node:net as over us. What they know of either is its api. */
import { Buffer } from "node:buffer";
import { EventEmitter, once } from "node:events";
import type net from "node:net";
import { type Any, type Api, Notes, type Script, seen, turns } from "./like_net.ts";
import { MEMBERS } from "./net_member_scripts.ts";
import { TRAFFIC } from "./net_traffic_scripts.ts";

const closedPort = async (notes: Notes) => {
  const { server, port } = await notes.server();
  server.close();
  await once(server, "close");
  return port;
};

const twoAddresses = (_: string, { all }: { all?: boolean }, answer: Any) =>
  setImmediate(() =>
    all
      ? answer(null, [{ address: "127.0.0.1", family: 4 }, { address: "127.0.0.2", family: 4 }])
      : answer(null, "127.0.0.1", 4)
  );

const CLOSING = ["end", "finish", "error", "close"];

/** Late calls, whose answers come in an order. */
const LATE: Record<string, (socket: net.Socket, notes: Notes) => unknown> = {
  "write": (socket, notes) => socket.write("x", (error) => notes.add("answer", error)),
  "end": (socket, notes) => socket.end((error?: Error) => notes.add("answer", error)) === socket,
  "end with data": (socket, notes) =>
    socket.end("x", (error?: Error) => notes.add("answer", error)) === socket,
  "setNoDelay": (socket) => socket.setNoDelay() === socket,
  "setKeepAlive": (socket) => socket.setKeepAlive(true, 1000) === socket,
  "setTimeout": (socket) => socket.setTimeout(100) === socket,
  "pause, resume": (socket) => socket.pause().resume() === socket,
  "ref, unref": (socket) => socket.unref().ref() === socket,
  "destroy again": (socket) => socket.destroy(new Error("too late")) === socket,
  "destroySoon": (socket) => socket.destroySoon(),
  "resetAndDestroy": (socket) => socket.resetAndDestroy() === socket,
  "state": ({ readyState, pending, connecting, destroyed, readable, writable, bufferSize }) => //
  [readyState, pending, connecting, destroyed, readable, writable, bufferSize],
};

const late: Record<string, Script> = {};
for (const [name, call] of Object.entries(LATE)) {
  late[`${name} in the turn of destroy()`] = async (notes) => {
    const { client } = await notes.pair();
    notes.watch(client, "client", CLOSING).destroy();
    notes.attempt(name, () => call(client, notes));
    await seen(client, "close");
    await turns(3);
  };
  late[`${name} after 'close'`] = async (notes) => {
    const { client } = await notes.pair();
    notes.watch(client, "client", CLOSING).destroy();
    await seen(client, "close");
    notes.attempt(name, () => call(client, notes));
    await turns(3);
  };
}

const wrong: Record<string, Any[]> = {
  "a port": [-1, 65536, 1.5, NaN, "x", null, true, Symbol("x")],
};

/** What is done, by the name it has in a test. */
export const SCRIPTS: Record<string, Script> = {
  ...late,
  ...MEMBERS,
  ...TRAFFIC,
  "a connection that is refused": async (notes) => {
    const port = await closedPort(notes);
    await seen(notes.watch(notes.api.connect(port, "127.0.0.1"), "client"), "close");
  },
  "a name, each of whose addresses refuses": async (notes) => {
    const port = await closedPort(notes);
    const client = notes.api.connect({ port, host: "two.test", lookup: twoAddresses });
    const events = ["lookup", "connectionAttempt", "connectionAttemptFailed", "close"];
    await seen(notes.watch(client, "client", events), "close");
    notes.add(client.autoSelectFamilyAttemptedAddresses);
  },
  "a name that is not found": async (notes) => {
    const lookup = (_: string, __: unknown, answer: Any) =>
      setImmediate(() => answer(Object.assign(new Error("not found"), { code: "ENOTFOUND" })));
    await seen(notes.watch(notes.api.connect({ port: 9, host: "a.test", lookup }), "client"), "close");
  },
  "a local address that is not ours": async (notes) => {
    const client = notes.api.connect({ port: 9, host: "127.0.0.1", localAddress: "198.51.100.1" });
    await seen(notes.watch(client, "client"), "close");
  },
  "a local port that is taken": async (notes) => {
    const { port } = await notes.server();
    const to = { port, host: "127.0.0.1", localAddress: "127.0.0.1", localPort: port };
    await seen(notes.watch(notes.api.connect(to), "client"), "close");
  },
  "destroy() while connecting": async (notes) => {
    const { port } = await notes.server();
    const client = notes.watch(notes.api.connect(port, "127.0.0.1"), "client");
    client.destroy(new Error("mine"));
    notes.add(client.connecting, client.pending, client.readyState);
    await seen(client, "close");
  },
  "a signal that aborts a connection": async (notes) => {
    const { port } = await notes.server();
    const abort = new AbortController();
    const client = notes.api.connect({ port, host: "127.0.0.1", signal: abort.signal } as net.NetConnectOpts);
    notes.watch(client, "client");
    abort.abort();
    await seen(client, "close");
  },
  "the life of a client": async (notes) => {
    const { server, port } = await notes.server();
    server.on("connection", (peer) => peer.resume().end());
    const client = notes.watch(notes.api.connect(port, "127.0.0.1"), "client").resume();
    notes.add(client.readyState, client.connecting, client.pending);
    await seen(client, "close");
    notes.add(client.readyState, client.bytesRead, client.bytesWritten);
  },
  "the life of an accepted socket": async (notes) => {
    const { client, peer } = await notes.pair();
    notes.watch(peer, "peer");
    peer.on("data", (data) => notes.add("data", data));
    client.resume().end("hello", (error?: Error | null) => notes.add("ended", error));
    await seen(peer, "close");
    notes.add(peer.readyState, peer.bytesRead, peer.readableEnded, peer.writableFinished);
  },
  "a peer that resets": async (notes) => {
    const { client, peer } = await notes.pair();
    notes.watch(peer, "peer").resume();
    client.resetAndDestroy();
    await seen(peer, "close");
  },
  "a write and end() before 'connect'": async (notes) => {
    const { port } = await notes.server();
    const client = notes.watch(notes.api.connect(port, "127.0.0.1"), "client", ["connect", "error"]).resume();
    client.write("x", (error) => notes.add("written", error));
    notes.add(client.bytesWritten, client.bufferSize);
    await once(client, "connect");
    await turns(3);
  },
  "pauseOnConnect": async (notes) => {
    const { client, peer } = await notes.pair({ pauseOnConnect: true });
    const other = await notes.pair();
    client.write("hello");
    for (let i = 0; i < 5; i++) { // by then it would be there
      other.client.write("tick");
      await once(other.peer, "data");
    }
    notes.add(peer.bytesRead, peer.isPaused(), peer.readableLength);
    peer.on("data", (data) => notes.add("data", data)).resume();
    await once(peer, "data");
    notes.add(peer.bytesRead, peer.isPaused());
  },
  "onread": async (notes) => {
    const { client, peer } = await notes.pair({}, {
      onread: {
        buffer: Buffer.alloc(100),
        callback(this: unknown, count: number, buffer: Uint8Array) {
          notes.add("onread", count, Buffer.from(buffer.subarray(0, count)), this === client);
          peer.end();
          return true;
        },
      },
    });
    peer.write("hello");
    await seen(client, "close");
  },
  "setTimeout()": async (notes) => {
    const { client } = await notes.pair();
    notes.watch(client, "client");
    client.setTimeout(5, () => notes.add("callback"));
    await seen(client, "timeout");
    for (const ms of [-1, NaN, Infinity, "5", null]) {
      notes.attempt(String(ms), () => client.setTimeout(ms as number));
    }
    for (const callback of ["x", {}, null]) {
      notes.attempt(String(callback), () => client.setTimeout(5, callback as Any));
    }
  },
  "wrong chunks": async (notes) => {
    const { client } = await notes.pair();
    for (const chunk of [null, undefined, 5, true, {}, []]) {
      notes.attempt(String(chunk), () => client.write(chunk as Any));
    }
  },
  "listen(), twice": async (notes) => {
    const { server } = await notes.server();
    for (const port of [0, -1, "x"]) notes.attempt(String(port), () => server.listen(port as number));
    notes.add(server.listening);
  },
  "listen() on a port that is taken": async (notes) => {
    const { port } = await notes.server();
    const server = notes.own(notes.api.createServer());
    server.on("error", (error) => notes.add(error, server.listening, server.address()));
    server.listen(port, "127.0.0.1");
    await seen(server, "error");
  },
  "close() of a server, twice": async (notes) => {
    const { server } = await notes.server();
    server.on("close", () => notes.add("close"));
    server.close((error) => notes.add("first", error));
    notes.add(server.listening, server.address());
    server.close((error) => notes.add("second", error));
    await turns(3);
    server.close((error) => notes.add("third", error));
    await turns(3);
  },
  "captureRejections": async (notes) => {
    EventEmitter.captureRejections = true;
    const { server, port } = await notes.server();
    EventEmitter.captureRejections = false;
    server.on("connection", async (socket) => {
      notes.watch(socket, "peer", CLOSING);
      await turns(1);
      throw new Error("of the listener");
    });
    server.on("error", (error) => notes.add("server", error));
    await seen(notes.own(notes.api.connect(port, "127.0.0.1")), "close");
  },
  "a client that is paused before 'connect'": (notes) => paused(notes, (client) => client.pause()),
  "a client that is paused in 'connect'": (notes) => {
    return paused(notes, (client) => client.once("connect", () => client.pause()));
  },
  "a client that is paused in 'ready'": (notes) => {
    return paused(notes, (client) => client.once("ready", () => client.pause()));
  },
  "a client that is paused, and resumed and paused again in 'ready'": (notes) => {
    return paused(notes, (client) => client.pause().once("ready", () => client.resume().pause()));
  },
  "getConnections()": async (notes) => {
    const { server, peer } = await notes.pair();
    const count = () => new Promise((resolve) => server.getConnections((_, count) => resolve(count)));
    notes.add(await count());
    peer.destroy();
    notes.add(await count());
    await seen(peer, "close");
    notes.add(await count());
  },
  "maxConnections": async (notes) => {
    const { server, port } = await notes.server();
    server.maxConnections = 1;
    server.on("connection", (socket) => notes.own(socket));
    const first = notes.own(notes.api.connect(port, "127.0.0.1"));
    await once(first, "connect");
    const dropped = once(server, "drop");
    notes.own(notes.api.connect(port, "127.0.0.1")).on("error", () => {});
    const [told] = await dropped as [net.DropArgument];
    notes.add(Object.keys(told).sort(), told.localAddress, told.localPort, told.remoteFamily);
  },
  "wrong arguments of connect()": (notes) => {
    for (const port of wrong["a port"]!) {
      notes.attempt(String(port), () => notes.own(notes.api.connect({ port, host: "127.0.0.1" })));
    }
    for (const options of [{ localAddress: "x" }, { localPort: "x" }, { objectMode: true }]) {
      const to = { port: 9, host: "127.0.0.1", ...options } as Any;
      notes.attempt(JSON.stringify(options), () => notes.own(notes.api.connect(to)));
    }
  },
  "wrong arguments of listen() and createServer()": (notes) => {
    const server = notes.api.createServer();
    for (const port of [-1, 65536, 1.5]) notes.attempt(String(port), () => server.listen(port as number));
    for (const options of [5, "x", true]) {
      notes.attempt(String(options), () => void notes.api.createServer(options as Any));
    }
    notes.attempt("delay", () => void notes.api.createServer({ keepAliveInitialDelay: "x" } as Any));
    notes.add(server.listening);
  },
  "async disposal": async (notes) => {
    const { server, client } = await notes.pair();
    notes.watch(client, "client", ["end", "error"]);
    await (client as Any)[Symbol.asyncDispose]?.();
    notes.add(client.destroyed);
    server.close();
  },
};

/** What a script saw, a line for each thing. */
export async function linesOf(api: Api, script: Script): Promise<string[]> {
  const notes = new Notes(api);
  try {
    await script(notes);
  } finally {
    await notes.close();
  }
  return notes.lines;
}

/** Notes what a client takes before resume(), and what it takes then. */
async function paused(notes: Notes, pause: (client: net.Socket) => unknown): Promise<void> {
  const { server, port } = await notes.server();
  const other = await notes.pair();
  const client = notes.own(notes.api.connect(port, "127.0.0.1"));
  pause(client);
  const [[peer]] = await Promise.all([once(server, "connection"), once(client, "ready")]) as [
    [net.Socket],
    unknown,
  ];
  peer.write("hello");
  for (let i = 0; i < 5; i++) { // by then it would be there
    other.client.write("tick");
    await once(other.peer, "data");
  }
  notes.add(client.bytesRead, client.isPaused());
  client.resume();
  notes.add(...await once(client, "data"), client.bytesRead);
}
