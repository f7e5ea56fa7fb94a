/** destroy() is an ABORT: the peer sees ECONNRESET; nobody's callback is forgotten. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type Socket } from "netsctp";
import { payload } from "../helpers/messages.ts";
import { closed, connectedPair, endpointOf, listening } from "../helpers/pair.ts";

test("the peer of a destroyed socket gets ECONNRESET, then close with an error", async () => {
  const { client, peer, close } = await connectedPair();
  const failed = new Promise<NodeJS.ErrnoException>((resolve) => peer.on("error", resolve));
  const ended = once(peer, "close").catch(() => [true]);
  client.destroy();
  const error = await failed;
  assert.is(error.code, "ECONNRESET");
  assert.is(error.syscall, "read");
  assert.ok(error.errno! < 0);
  await ended;
  await close();
});

test("messages that arrived before the ABORT are given first", async () => {
  const { client, peer, close } = await connectedPair();
  const got: string[] = [];
  peer.on("data", (message) => got.push(message.toString()));
  const failed = new Promise((resolve) => peer.on("error", resolve));
  client.write("before");
  await once(peer, "data");
  client.destroy();
  await failed;
  assert.equal(got, ["before"]);
  await close();
});

test("a write that waits when the peer aborts gets its callback, with an error", async () => {
  const { client, peer, close } = await connectedPair();
  client.on("error", () => {});
  peer.pause();
  const pending = new Promise<Error | null | undefined>((resolve) => {
    const fill = () => {
      if (client.write(payload(50_000), undefined, (error) => error && resolve(error))) setImmediate(fill);
      else peer.destroy();
    };
    fill();
  });
  assert.ok(await pending);
  await close();
});

test("destroy(error) reports that error here and aborts there", async () => {
  const { client, peer, close } = await connectedPair();
  const mine = new Promise<Error>((resolve) => client.on("error", resolve));
  const theirs = new Promise<NodeJS.ErrnoException>((resolve) => peer.on("error", resolve));
  client.destroy(new Error("enough"));
  assert.is((await mine).message, "enough");
  assert.is((await theirs).code, "ECONNRESET");
  await close();
});

test("destroy() while connecting closes quietly", async () => {
  const server = await listening();
  server.on("connection", (peer) => peer.on("error", () => {}));
  const client = connect(endpointOf(server));
  client.on("connect", () => assert.unreachable("it was destroyed"));
  client.destroy();
  const [hadError] = await once(client, "close");
  assert.is(hadError, false);
  await closed(server);
});

test("destroy() after end() lets the SHUTDOWN be through", async () => {
  const { server, client, peer } = await connectedPair();
  const got: string[] = [];
  peer.on("data", (message) => got.push(message.toString()));
  const ended = once(peer, "close");
  client.end("last words");
  await once(client, "finish");
  client.destroy();
  const [hadError] = await ended;
  assert.is(hadError, false);
  assert.equal(got, ["last words"]);
  await closed(server);
});

test("destroy() once the peer has ended, with messages unread: nobody gets an error", async () => {
  const { server, client, peer } = await connectedPair();
  peer.pause();
  const ends = Promise.all([client, peer].map((socket) => once(socket, "close")));
  client.resume().end("unread");
  await once(client, "close");
  peer.destroy();
  assert.equal((await ends).flat(), [false, false]);
  await closed(server);
});

test("destroy() inside 'end', and again after 'close', does nothing more", async () => {
  const { server, client, peer } = await connectedPair();
  let closes = 0;
  client.on("close", () => closes++);
  client.on("end", () => client.destroy());
  peer.end();
  peer.resume();
  client.resume();
  await once(client, "close");
  client.destroy(new Error("too late"));
  await closed(server);
  assert.is(closes, 1);
});

/** What 'close' says, also after an error. */
function closeOf(socket: Socket): Promise<unknown[]> {
  return new Promise((resolve) => socket.on("close", (...said: unknown[]) => resolve(said)));
}

test("destroy() inside 'connect', 'connection' and 'lookup'", async () => {
  for (const inside of ["connect", "connection", "lookup"]) {
    const server = await listening();
    server.on("connection", (peer) => {
      peer.on("error", () => {});
      if (inside === "connection") peer.destroy();
    });
    const client = connect({ ...endpointOf(server), host: "localhost", family: 4 });
    if (inside !== "connection") client.on(inside, () => client.destroy());
    const failure = once(client, "error").then(([error]) => error.code, () => undefined);
    const [hadError] = await closeOf(client);
    assert.is(hadError, inside === "connection", inside);
    if (hadError) assert.is(await failure, "ECONNRESET");
    await closed(server);
  }
});

test("a signal that is aborted already fails the socket with AbortError, as net's", async () => {
  const server = await listening();
  server.on("connection", () => assert.unreachable("nothing was to be begun"));
  const client = connect({ ...endpointOf(server), signal: AbortSignal.abort() });
  const [error] = await once(client, "error");
  assert.equal([error.name, error.code], ["AbortError", "ABORT_ERR"]);
  if (!client.closed) await once(client, "close");
  await closed(server);
});

test.run();
