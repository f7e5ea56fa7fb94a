/** net.Server, member by member: what is not about one connection. What is expected here is what node:net does. */
import { lookup } from "node:dns/promises";
import { once } from "node:events";
import * as net from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import netsctp, * as named from "netsctp";
import { receive } from "../helpers/messages.ts";
import { connect, createServer, type DropArgument, Server, Socket } from "netsctp";
import { closed, endpointOf, listening } from "../helpers/pair.ts";

const codeOf = (call: () => unknown): string | undefined => {
  try {
    call();
  } catch (error) {
    return (error as NodeJS.ErrnoException).code;
  }
};

/** The names of a server's events as they come. */
function eventsOf(server: Server): string[] {
  const events: string[] = [];
  for (const name of ["listening", "connection", "drop", "error", "close"]) {
    server.on(name, (error) => events.push(error?.code ? `${name} ${error.code}` : name));
  }
  return events;
}

const failure = (socket: Socket) =>
  new Promise<NodeJS.ErrnoException>((resolve) => socket.on("error", resolve));

async function isServed(server: Server): Promise<void> {
  const client = connect(endpointOf(server));
  const [peer] = await once(server, "connection") as [Socket];
  peer.end("hello");
  const ended = once(client, "close");
  assert.is((await receive(client, 1))[0]!.toString(), "hello");
  await ended;
}

const turns = async (count: number) => {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
};

// ------------------------------------------------------------------ making

test("createServer(null), createServer(undefined, listener), new Server(options, listener), new Server(listener)", async () => {
  const heard: string[] = [];
  const servers = [
    createServer(null, () => heard.push("null")),
    createServer(undefined, () => heard.push("undefined")),
    new Server({ MIS: 4 }, () => heard.push("new, options")),
    new Server(() => heard.push("new")),
  ];
  for (const server of servers) {
    assert.instance(server, Server);
    server.listen({ host: "127.0.0.1" });
    await once(server, "listening");
    await isServed(server);
    await closed(server);
  }
  assert.equal(heard, ["null", "undefined", "new, options", "new"]);
  assert.is(codeOf(() => createServer("x" as never)), "ERR_INVALID_ARG_TYPE");
});

test("a class may extend Server", async () => {
  class Greeter extends Server {
    greeted = 0;
    constructor() {
      super({ OS: 3 });
      this.on("connection", () => this.greeted++);
    }
  }
  const server = new Greeter();
  assert.instance(server, Server);
  server.listen({ host: "127.0.0.1" });
  await once(server, "listening");
  await isServed(server);
  assert.is(server.greeted, 1);
  await closed(server);
});

test("named and default exports are those of node:net", () => {
  const own = ["Server", "Socket", "connect", "createConnection", "createServer"];
  const same = [
    "BlockList",
    "SocketAddress",
    "isIP",
    "isIPv4",
    "isIPv6",
    "getDefaultAutoSelectFamily",
    "setDefaultAutoSelectFamily",
    "getDefaultAutoSelectFamilyAttemptTimeout",
    "setDefaultAutoSelectFamilyAttemptTimeout",
  ];
  const [ours, byDefault, theirs] = [named, netsctp, net] as unknown as Array<Record<string, unknown>>;
  for (const name of own) assert.type(ours![name], "function", name);
  for (const name of same) assert.is(ours![name], theirs![name], name);
  for (const name of [...own, ...same]) assert.is(byDefault![name], ours![name], name);
  assert.is(connect, named.createConnection);
});

test("new Socket() refuses", () => {
  assert.is(codeOf(() => new (Socket as unknown as new () => unknown)()), "ERR_ILLEGAL_CONSTRUCTOR");
});

// ------------------------------------------------------------------ listening

test("'listening' comes after listen() has returned, its listeners in their order, without arguments", async () => {
  const heard: unknown[][] = [];
  const server = createServer();
  server.on("listening", (...args) => heard.push(["first", ...args]));
  assert.is(
    server.listen({ host: "127.0.0.1" }, (...args: unknown[]) => heard.push(["second", ...args])),
    server,
  );
  server.on("listening", (...args) => heard.push(["third", ...args]));
  assert.equal(heard, []);
  await once(server, "listening");
  assert.equal(heard, [["first"], ["second"], ["third"]]);
  await closed(server);
});

test("backlog: 0 is none that was given, as in net: as many may wait as by default", async () => {
  for (const args of [[{ port: 0, host: "127.0.0.1", backlog: 0 }], [0, "127.0.0.1", 0]]) {
    const server = createServer((peer) => peer.resume());
    (server.listen as (...args: unknown[]) => void)(...args);
    await once(server, "listening");
    const clients = Array.from({ length: 20 }, () => connect(endpointOf(server)));
    await Promise.all(clients.map((client) => once(client, "connect")));
    for (const client of clients) client.resume().end();
    await closed(server);
  }
});

test("call forms: port and host, port and backlog, all of them, only a listener, nothing", async () => {
  const forms: unknown[][] = [
    [0, "127.0.0.1"],
    ["0", "127.0.0.1", 5],
    [0, 5],
    [null, "127.0.0.1"],
    [{ port: null, host: null, backlog: 5 }],
    [{ port: "0", host: "127.0.0.1" }],
    [],
  ];
  for (const form of forms) {
    for (const isCalled of [false, true]) {
      const server = createServer();
      const called = isCalled
        ? new Promise<void>((resolve) => form.push(resolve))
        : once(server, "listening");
      (server.listen as (...args: unknown[]) => Server)(...form);
      await called;
      assert.ok(server.address()!.port > 0);
      await closed(server);
    }
  }
});

test("listen() and close() at once: 'close', and no 'listening'", async () => {
  const server = createServer();
  const events = eventsOf(server);
  server.listen(0, "127.0.0.1");
  assert.is(server.listening, true);
  await closed(server);
  await turns(3);
  assert.equal(events, ["close"]);
});

test("a failed listen() may be followed by another, whose listeners, and the first's, are called", async () => {
  const holder = await listening();
  const { host, port } = endpointOf(holder);
  const server = createServer();
  const events = eventsOf(server);
  server.listen(port, host, () => events.push("first"));
  await once(server, "error").catch(() => {});
  assert.is(server.listening, false);
  assert.is(server.address(), null);
  await closed(holder);
  server.listen(port, host, () => events.push("second"));
  await once(server, "listening");
  assert.equal(events, ["error EADDRINUSE", "listening", "first", "second"]);
  await isServed(server);
  await closed(server);
});

test("listen() again, after close(), serves again", async () => {
  const server = createServer();
  for (let i = 0; i < 3; i++) {
    server.listen({ host: "127.0.0.1" });
    await once(server, "listening");
    await isServed(server);
    await closed(server);
    assert.is(server.listening, false);
  }
});

test("a host name is resolved; meanwhile it does not listen, and cannot be told to once more", async () => {
  const server = createServer().listen({ host: "localhost" });
  assert.is(server.listening, false);
  assert.is(server.address(), null);
  assert.is(codeOf(() => server.listen(0)), "ERR_SERVER_ALREADY_LISTEN");
  await once(server, "listening");
  assert.is(codeOf(() => server.listen(0)), "ERR_SERVER_ALREADY_LISTEN");
  assert.ok(["127.0.0.1", "::1"].includes(server.address()!.address));
  await isServed(server);
  await closed(server);
});

test("close() while a host name is resolved: ERR_SERVER_NOT_RUNNING for the callback, and it never listens", async () => {
  const server = createServer();
  const events = eventsOf(server);
  server.listen({ host: "localhost" });
  const error = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => server.close(resolve));
  assert.is(error?.code, "ERR_SERVER_NOT_RUNNING");
  server.listen({ host: "127.0.0.1" });
  await once(server, "listening");
  await lookup("localhost"); // asked later than the first listen() did, whose answer must not be taken for this one's
  await turns(5);
  assert.equal(events, ["close", "listening"]);
  await isServed(server);
  await closed(server);
});

test("a host name that does not exist: 'error' with its code", async () => {
  const server = createServer().listen({ host: "no-such-host.invalid" });
  const [error] = await once(server, "error").catch((error) => [error]);
  assert.is(error.syscall, "getaddrinfo");
  assert.ok(["ENOTFOUND", "EAI_AGAIN"].includes(error.code), error.code);
  assert.is(server.listening, false);
});

test("ipv6Only keeps IPv4 peers out; without it they come in", async () => {
  for (const ipv6Only of [true, false]) {
    const server = createServer().listen({ host: "::", ipv6Only });
    await once(server, "listening");
    const { port } = server.address()!;
    const client = connect(port, "::1");
    await once(client, "connect");
    client.end();
    await once(client.resume(), "close");
    const fromIpv4 = connect(port, "127.0.0.1");
    if (ipv6Only) assert.is((await failure(fromIpv4)).code, "ECONNREFUSED");
    else {
      await once(fromIpv4, "connect");
      fromIpv4.end();
      await once(fromIpv4.resume(), "close");
    }
    await closed(server);
  }
});

// ------------------------------------------------------------------ closing

test("close() twice: both callbacks, the second with ERR_SERVER_NOT_RUNNING", async () => {
  const server = await listening();
  const heard: unknown[] = [];
  await Promise.all([
    new Promise<void>((resolve) => server.close((error) => resolve(void heard.push(error)))),
    new Promise<void>((resolve) =>
      server.close((error) => resolve(void heard.push((error as NodeJS.ErrnoException)?.code)))
    ),
  ]);
  assert.equal(heard, [undefined, "ERR_SERVER_NOT_RUNNING"]);
});

test("close() returns the server, waits for connections, and 'close' comes once", async () => {
  const server = await listening();
  const events = eventsOf(server);
  const client = connect(endpointOf(server));
  const [peer] = await once(server, "connection") as [Socket];
  assert.is(server.close(() => events.push("callback")), server);
  assert.is(server.listening, false);
  assert.is(server.address(), null);
  client.write("still");
  assert.is((await receive(peer, 1))[0]!.toString(), "still");
  assert.equal(events, ["connection"]);
  peer.on("close", () => events.push("the peer's"));
  client.end();
  await once(client.resume(), "close");
  if (!events.includes("close")) await once(server, "close");
  await turns(3);
  assert.equal(events, ["connection", "the peer's", "close", "callback"]);
});

test("a signal that was aborted before: 'close', never 'listening'", async () => {
  const server = createServer();
  const events = eventsOf(server);
  server.listen({ host: "127.0.0.1", signal: AbortSignal.abort() });
  await once(server, "close");
  await turns(3);
  assert.equal(events, ["close"]);
});

test("a signal that is aborted later closes the server, and is forgotten when it was closed before", async () => {
  const server = createServer();
  const events = eventsOf(server);
  const [first, second] = [new AbortController(), new AbortController()];
  server.listen({ host: "127.0.0.1", signal: first.signal });
  await once(server, "listening");
  await closed(server);
  server.listen({ host: "127.0.0.1", signal: second.signal });
  await once(server, "listening");
  first.abort();
  assert.is(server.listening, true);
  second.abort();
  assert.is(server.listening, false);
  await once(server, "close");
  assert.equal(events, ["listening", "close", "listening", "close"]);
  assert.is(codeOf(() => server.listen({ signal: {} as AbortSignal })), "ERR_INVALID_ARG_TYPE");
});

test("[Symbol.asyncDispose]() waits until the last connection has closed, and is a no-op where nothing listens", async () => {
  const server = await listening();
  const client = connect(endpointOf(server));
  await once(server, "connection");
  let isDisposed = false;
  const disposed = server[Symbol.asyncDispose]().then(() => isDisposed = true);
  await turns(3);
  assert.equal([server.listening, isDisposed], [false, false]);
  client.end();
  client.resume();
  await disposed;
  await server[Symbol.asyncDispose]();
  await createServer()[Symbol.asyncDispose]();
});

test("ref() and unref() return the server, at any time", async () => {
  const server = createServer();
  assert.is(server.unref(), server);
  assert.is(server.ref(), server);
  server.listen({ host: "127.0.0.1" });
  await once(server, "listening");
  assert.is(server.unref().unref().ref(), server);
  await closed(server);
  assert.is(server.unref(), server);
});

// ------------------------------------------------------------------ connections

test("maxConnections: a connection beyond is aborted and told by 'drop'; when one has left, there is room", async () => {
  const server = await listening();
  server.maxConnections = 1;
  const first = connect(endpointOf(server));
  await once(server, "connection");
  const second = connect({ ...endpointOf(server), localAddress: "127.0.0.1" });
  const reset = failure(second);
  let localPort: number | undefined;
  second.on("connect", () => localPort = second.localPort);
  const [dropped] = await once(server, "drop") as [DropArgument];
  assert.is((await reset).code, "ECONNRESET");
  assert.equal(dropped, {
    localAddress: "127.0.0.1",
    localPort: endpointOf(server).port,
    localFamily: "IPv4",
    remoteAddress: "127.0.0.1",
    remotePort: localPort,
    remoteFamily: "IPv4",
  });
  first.end();
  await once(first.resume(), "close");
  while (await countOf(server) > 0) await turns(1);
  await isServed(server);
  await closed(server);
});

function countOf(server: Server): Promise<number> {
  return new Promise((resolve, reject) =>
    server.getConnections((error, count) => error ? reject(error) : resolve(count))
  );
}

test("getConnections() counts those that are open, and answers later", async () => {
  const server = await listening();
  let isAnswered = false;
  assert.is(server.getConnections(() => isAnswered = true), server);
  assert.is(isAnswered, false);
  assert.is(await countOf(server), 0);
  const clients: Socket[] = [];
  for (let i = 1; i <= 3; i++) {
    clients.push(connect(endpointOf(server)));
    await once(server, "connection");
    assert.is(await countOf(server), i);
  }
  const done = closed(server);
  assert.is(await countOf(server), 3);
  for (const client of clients) client.resume().end();
  await done;
  assert.is(await countOf(server), 0);
});

test("maxConnections of 0 lets nobody in, as in newer versions of Node", async () => {
  const server = await listening();
  const events = eventsOf(server);
  server.maxConnections = 0;
  const client = connect(endpointOf(server));
  assert.is((await failure(client)).code, "ECONNRESET");
  assert.equal(events, ["drop"]);
  await closed(server);
});

test("a blockList: a peer that it has is aborted, and neither 'connection' nor 'drop' tells of it", async () => {
  const blockList = new named.BlockList();
  blockList.addAddress("127.0.0.1");
  const server = createServer({ blockList }).listen({ host: "::" });
  await once(server, "listening");
  const events = eventsOf(server);
  const { port } = server.address()!;
  const blocked = connect({ port, host: "127.0.0.1", localAddress: "127.0.0.1" });
  assert.is((await failure(blocked)).code, "ECONNRESET");
  assert.equal(events, []);
  const client = connect({ port, host: "::1", localAddress: "::1" });
  const [peer] = await once(server, "connection") as [Socket];
  assert.is(peer.remoteAddress, "::1");
  client.end();
  await once(client.resume(), "close");
  await closed(server);
});

test("a server closes though a connection's listeners were all removed", async () => {
  const server = await listening();
  const client = connect(endpointOf(server));
  const [peer] = await once(server, "connection") as [Socket];
  peer.removeAllListeners();
  peer.resume();
  client.end();
  await closed(server);
  assert.is(await countOf(server), 0);
});

test("close() in a listener of 'connection': those that were accepted with it are refused", async () => {
  const server = createServer().listen({ host: "127.0.0.1" });
  await once(server, "listening");
  const clients = Array.from({ length: 8 }, () => connect(endpointOf(server)));
  const over = Promise.all(clients.map((client) => {
    client.resume().on("error", () => {});
    return new Promise((resolve) => client.on("close", resolve));
  }));
  let connections = 0;
  server.on("connection", (socket) => {
    connections++;
    server.close();
    socket.on("error", () => {}).destroy();
  });
  await once(server, "close");
  await over;
  assert.is(connections, 1);
});

test.run();
