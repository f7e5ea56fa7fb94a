/** What a program gives away may be collected by the garbage collector once it was used, although the socket lives. */
import { once } from "node:events";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type Socket } from "netsctp";
import { runtime } from "../helpers/capabilities.ts";
import { closed, endpointOf, listening } from "../helpers/pair.ts";

declare const Bun: { gc(isSync: boolean): void };

function collector(): () => void {
  if (runtime === "bun") return () => Bun.gc(true);
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc");
}

const collect = collector();
const TURNS = 20; // an object may outlive one collection, where a register of the machine still has it

async function isCollected(reference: WeakRef<object>): Promise<boolean> {
  for (let i = 0; i < TURNS; i++) {
    await new Promise((resolve) => setImmediate(resolve));
    collect();
    if (reference.deref() === undefined) return true;
  }
  return false;
}

const WAYS = {
  "the listener of connect()": "listener",
  "a lookup": "lookup",
} as const;

for (const [name, way] of Object.entries(WAYS)) {
  test(`${name}, and what it refers to, once it was called`, async () => {
    const server = await listening();
    const { host, port } = endpointOf(server);
    const [socket, reference] = start(way, host, port);
    const [peer] = await once(server, "connection") as [Socket];
    if (socket.connecting) await once(socket, "connect");
    assert.is(await isCollected(reference), true);
    assert.is(socket.readyState, "open");
    for (const end of [socket, peer]) end.resume();
    socket.end();
    await closed(server);
  });
}

/** In a function of its own, so that nothing else refers to what is given away. */
function start(way: "listener" | "lookup", host: string, port: number): [Socket, WeakRef<object>] {
  const object = { calls: 0 };
  const reference = new WeakRef(object);
  const lookup = (_: string, options: { all?: boolean }, answer: (...args: unknown[]) => void) => {
    object.calls++;
    if (options.all) answer(null, [{ address: host, family: 4 }]);
    else answer(null, host, 4);
  };
  const socket = way === "listener"
    ? connect({ host, port }, () => void object.calls++)
    : connect({ host: "any.invalid", port, lookup: lookup as never });
  return [socket, reference];
}

test.run();
