/** A process that ends right behind end(): all that was written arrives, and then 'end', as with net. */
import { on } from "node:events";
import { setImmediate } from "node:timers";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Socket } from "netsctp";
import { runtime } from "../helpers/capabilities.ts";
import { closed, listening } from "../helpers/pair.ts";
import { startOn } from "../helpers/runtimes.ts";

/** What the process sends that ends in this way: the first byte of each message, then how it ended. */
async function received(way: string, isUnread: boolean): Promise<Array<number | string>> {
  const server = await listening();
  const args = [String(server.address()!.port), way, ...(isUnread ? ["unread"] : [])];
  const program = startOn(runtime, "test/helpers/exiting_program.ts", args);
  const connections = on(server, "connection");
  const next = async (): Promise<Socket> => (await connections.next()).value[0];
  const socket = await next();
  const got: Array<number | string> = [];
  socket.on("data", (message) => got.push(message[0]!));
  for (const event of ["end", "error"]) socket.on(event, () => got.push(event));
  const over = new Promise((resolve) => socket.on("close", resolve));
  if (isUnread) {
    socket.write("never read");
    while (socket.status().unackdata > 0) await new Promise((resolve) => setImmediate(resolve));
    (await next()).on("error", () => {}).write("all has come");
  }
  await program.succeeds();
  await over;
  await closed(server);
  return got;
}

const all = [...Array(40).keys(), "end"];

for (const way of ["process.exit()", "nothing left to do"]) {
  test(`${way}`, async () => assert.equal(await received(way, false), all));
  // net's socket is reset then: TCP has no other way to say that something was not read
  test(`${way}, with messages that nobody read`, async () => assert.equal(await received(way, true), all));
}

test.run();
