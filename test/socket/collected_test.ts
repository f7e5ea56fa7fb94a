/** What connect() was given may be collected by the garbage collector once it was used, although the socket lives. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type ConnectOptions, type Socket } from "netsctp";
import { collect } from "../helpers/collect.ts";
import { closed, endpointOf, listening } from "../helpers/pair.ts";

const COUNT = 10; // Bun's collector takes a number on the stack for a reference now and then: some may remain
const TURNS = 20;

type Start = (host: string, port: number, object: { calls: number }) => Socket;

const GIVEN: Record<string, Start> = {
  "the listener": (host, port, object) => connect({ host, port }, () => void object.calls++),
  "the lookup": (address, port, object) => {
    const lookup: ConnectOptions["lookup"] = (_, options, answer) => {
      object.calls++;
      if (options.all) answer(null, [{ address, family: 4 }]);
      else answer(null, address, 4);
    };
    return connect({ host: "any.invalid", port, lookup });
  },
};

/** In a function of its own, so that nothing else refers to the object. */
function started(start: Start, host: string, port: number): { socket: Socket; given: WeakRef<object> } {
  const object = { calls: 0 };
  return { socket: start(host, port, object), given: new WeakRef(object) };
}

for (const [name, start] of Object.entries(GIVEN)) {
  test(`${name} of connect(), with what it refers to, once it was called`, async () => {
    const server = await listening();
    server.on("connection", (peer) => peer.resume());
    const { host, port } = endpointOf(server);
    const all = Array.from({ length: COUNT }, () => started(start, host, port));
    await Promise.all(all.map(({ socket }) => once(socket, "connect")));
    let left = all;
    for (let i = 0; i < TURNS && left.length > COUNT / 2; i++) {
      await new Promise((resolve) => setImmediate(resolve));
      collect();
      left = left.filter(({ given }) => given.deref() !== undefined);
    }
    assert.ok(left.length <= COUNT / 2, `${left.length} of ${COUNT} are still referred to`);
    for (const { socket } of all) socket.resume().end();
    await closed(server);
  });
}

test.run();
