/** A listener that throws is heard of as 'uncaughtException', and nothing that comes behind it is lost for it. (What
 * 'end' throws is between the listener and Node's streams, which do not close then, as with net.) */
import { Buffer } from "node:buffer";
import { once } from "node:events";
import process from "node:process";
import { setImmediate } from "node:timers";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type ConnectOptions, type Socket } from "netsctp";
import { closed, connectedPair, endpointOf, listening } from "../helpers/pair.ts";

const thrown: string[] = [];
process.on("uncaughtException", (error) => void thrown.push(error.message));
test.before.each(() => void (thrown.length = 0));

/** Throws what it is called with, and notes that it was called. */
function throwing(socket: Socket, events: readonly string[]): string[] {
  const seen: string[] = [];
  for (const event of events) {
    socket.on(event, () => {
      seen.push(event);
      throw new Error(event);
    });
  }
  return seen;
}

const names = (order: string[]) => [...new Set(order)].sort();

/** A name with two addresses: nobody listens at the first. */
const lookup: ConnectOptions["lookup"] = (_name, _options, callback) =>
  callback(null, [{ address: "127.0.0.9", family: 4 }, { address: "127.0.0.1", family: 4 }]);

test("each event of an attempt to connect, and of the association", async () => {
  const server = await listening();
  const connection = once(server, "connection");
  const client = connect({
    port: server.address()!.port,
    host: "two.example",
    lookup,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: 100,
  });
  const events = ["lookup", "connectionAttempt", "connectionAttemptFailed", "connectionAttemptTimeout"];
  const life = ["connect", "ready", "notification", "peer-info-update", "close"];
  const seen = throwing(client, [...events, ...life]);
  const up = new Promise<void>((resolve) =>
    client.prependListener("notification", ({ parsed }) => {
      if (parsed.type === "association-change" && parsed.state === "up") resolve();
    })
  );
  client.end("waits");
  const over = new Promise<void>((resolve) => client.prependListener("close", () => resolve()));
  client.resume();
  const [peer] = await connection;
  assert.is((await once(peer, "data"))[0].toString(), "waits");
  await Promise.all([up, over, closed(server)]);
  const failed = seen.includes("connectionAttemptFailed")
    ? "connectionAttemptFailed"
    : "connectionAttemptTimeout";
  assert.equal(names(seen), names(["lookup", "connectionAttempt", failed, ...life]));
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(names(thrown), names(seen));
});

test("'readable' at the end: 'end' and 'close' come", async () => {
  const { client, peer, close } = await connectedPair();
  throwing(client, ["readable"]);
  peer.end();
  await once(client, "close");
  assert.equal(names(thrown), ["readable"]);
  await close();
});

test("'data' of messages that had waited: the window opens again for each", async () => {
  const size = 10_000; // together more than one batch
  const { client, peer, close } = await connectedPair({ client: { highWaterMark: size } });
  const count = 60;
  client.pause();
  for (let i = 0; i < count; i++) peer.write(Buffer.alloc(size, i));
  while (client.readableLength === 0) await new Promise((resolve) => setImmediate(resolve));
  const got: number[] = [];
  const all = new Promise<void>((resolve) => {
    client.on("data", (message) => {
      got.push(message[0]!);
      if (got.length === count) resolve();
      throw new Error("data");
    });
  });
  client.resume();
  await all;
  assert.equal(got, [...Array(count).keys()]);
  await close();
});

test("'drain' and the callback of a write: what is written behind them leaves", async () => {
  const { client, peer, close } = await connectedPair({ client: { highWaterMark: 100 } });
  const got: string[] = [];
  peer.on("data", (message) => got.push(message.toString()));
  client.once("drain", () => {
    throw new Error("drain");
  });
  while (client.write("x".repeat(50)));
  await once(process, "uncaughtException");
  client.write("behind it", () => {
    throw new Error("callback");
  });
  await once(process, "uncaughtException");
  client.write("the last");
  while (got.at(-1) !== "the last") await once(peer, "data");
  assert.is(got.at(-2), "behind it");
  assert.equal(thrown, ["drain", "callback"]);
  await close();
});

test("callbacks of writes: each is called, whichever of them throws", async () => {
  const { client, peer, close } = await connectedPair();
  peer.resume();
  const called: number[] = [];
  for (let i = 0; i < 5; i++) {
    client.write(String(i), () => {
      called.push(i);
      if (i % 2 === 1) throw new Error(`callback ${i}`);
    });
  }
  const finish = once(client, "finish");
  client.end();
  await finish;
  assert.equal(called, [0, 1, 2, 3, 4]);
  assert.equal(thrown, ["callback 1", "callback 3"]);
  await close();
});

test("a block list of the user's own that throws lets the socket connect to nobody", async () => {
  const check = () => {
    throw new Error("check");
  };
  const server = await listening();
  const client = connect({ ...endpointOf(server), blockList: { check } as never });
  const [{ code }] = await once(client, "error");
  assert.is(code, "ERR_IP_BLOCKED");
  await closed(server);
  assert.equal(thrown, ["check"]);
});

test("a block list of the user's own that throws lets nobody in", async () => {
  const check = () => {
    throw new Error("check");
  };
  const server = await listening({ blockList: { check } as never });
  server.on("connection", () => assert.unreachable("it was blocked"));
  const client = connect(endpointOf(server));
  client.on("error", () => {});
  await new Promise<void>((resolve) => client.on("close", () => resolve()));
  await closed(server);
  assert.equal(thrown, ["check"]);
});

test("the callback of end(), also where all has been read or what it sends fails: 'close' comes", async () => {
  for (const data of [undefined, "late"]) {
    for (const isAfterEnd of [false, true]) {
      const { client, peer, close } = await connectedPair();
      peer.on("error", () => {}).resume();
      client.on("error", () => {}).resume();
      const end = () => client.end(data as string, () => assert.unreachable("end"));
      if (isAfterEnd) client.on("end", end);
      const over = new Promise<void>((resolve) => client.on("close", () => resolve()));
      if (isAfterEnd) peer.end();
      else end();
      await over;
      await close();
    }
  }
  assert.equal(thrown, Array(4).fill("end"));
});

test.run();
