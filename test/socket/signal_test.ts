/** The option `signal` of connect(): an abort destroys the socket with an AbortError. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, counters, type Socket } from "netsctp";
import { closed, endpointOf, listening } from "../helpers/pair.ts";

interface Outcome {
  error: NodeJS.ErrnoException;
  events: string[];
}

/** All that is told, to the close. */
function outcome(socket: Socket): Promise<Outcome> {
  return new Promise((resolve) => {
    const events: string[] = [];
    let failure: NodeJS.ErrnoException;
    for (const name of ["lookup", "connectionAttempt", "connect", "ready"]) {
      socket.on(name, () => events.push(name));
    }
    socket.on("error", (error) => {
      failure = error;
      events.push("error");
    });
    socket.on("close", (hadError: boolean) => {
      events.push(`close ${hadError}`);
      resolve({ error: failure, events });
    });
  });
}

function assertAborted(error: NodeJS.ErrnoException): void {
  assert.is(error.name, "AbortError");
  assert.is(error.code, "ABORT_ERR");
}

test("aborted before: nothing is begun", async () => {
  const server = await listening();
  server.on("connection", () => assert.unreachable("nothing may be sent"));
  const { error, events } = await outcome(connect({ ...endpointOf(server), signal: AbortSignal.abort() }));
  assertAborted(error);
  assert.equal(events, ["error", "close true"]);
  await closed(server);
  assert.is(counters().openHandles, 0);
});

test("aborted with a reason: it is the cause", async () => {
  const server = await listening();
  const reason = new Error("not today");
  const controller = new AbortController();
  const socket = connect({ ...endpointOf(server), signal: controller.signal });
  controller.abort(reason);
  const { error } = await outcome(socket);
  assertAborted(error);
  assert.is(error.cause, reason);
  await closed(server);
});

test("aborted while connecting", async () => {
  const server = await listening();
  server.on("connection", (peer) => peer.on("error", () => {}));
  const controller = new AbortController();
  const client = connect({ ...endpointOf(server), signal: controller.signal });
  client.once("connectionAttempt", () => controller.abort());
  const { error, events } = await outcome(client);
  assertAborted(error);
  assert.equal(events, ["connectionAttempt", "error", "close true"]);
  await closed(server);
  assert.is(counters().openHandles, 0);
});

test("aborted while open: the peer sees the ABORT", async () => {
  const server = await listening();
  const controller = new AbortController();
  const client = connect({ ...endpointOf(server), signal: controller.signal });
  const here = outcome(client);
  const [[peer]] = await Promise.all([once(server, "connection"), once(client, "connect")]);
  const there = outcome(peer);
  controller.abort();
  assertAborted((await here).error);
  assert.is((await there).error.code, "ECONNRESET");
  await closed(server);
});

test("aborted after the close: nothing happens", async () => {
  const server = await listening();
  const controller = new AbortController();
  const client = connect({ ...endpointOf(server), signal: controller.signal });
  const done = outcome(client.resume());
  client.end();
  const { events } = await done;
  controller.abort();
  await closed(server);
  assert.equal(events, ["connectionAttempt", "connect", "ready", "close false"]);
});

test.run();
