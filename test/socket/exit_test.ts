/**
 * A process that ends right behind end(): all that was written arrives, and then 'end', as with net. One that ends without
 * end() has not said that this was all: ECONNRESET.
 */
import { on } from "node:events";
import { setImmediate } from "node:timers";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Socket } from "netsctp";
import { runtime } from "../helpers/capabilities.ts";
import { closed, listening } from "../helpers/pair.ts";
import { start } from "../helpers/programs.ts";
import { commandOn } from "../helpers/runtimes.ts";

const COUNT = 40;
const EXCEPTION = "an exception, without end()";
const ABRUPT = ["process.exit() without end()", EXCEPTION];

/** What the process sends that ends in this way: the first byte of each message, then how it ended. */
async function received(
  way: string,
  isUnread: boolean,
  starting: (command: string[]) => string[] = (command) => command,
): Promise<Array<number | string>> {
  const server = await listening();
  const args = [String(server.address()!.port), way, ...(isUnread ? ["unread"] : [])];
  const program = start(starting(commandOn(runtime, "test/helpers/exiting_program.ts", args)));
  const connections = on(server, "connection");
  const next = async (): Promise<Socket> => (await connections.next()).value[0];
  const socket = await next();
  const got: Array<number | string> = [];
  socket.on("data", (message) => {
    if (got.push(message[0]!) === COUNT && ABRUPT.includes(way)) socket.write("all has come");
  });
  socket.on("end", () => got.push("end"));
  socket.on("error", (error: NodeJS.ErrnoException) => got.push(error.code!));
  const over = new Promise((resolve) => socket.on("close", resolve));
  if (isUnread) {
    socket.write("never read");
    while (socket.status().unackdata > 0) await new Promise((resolve) => setImmediate(resolve));
    (await next()).on("error", () => {}).write("all has come");
  }
  assert.is((await program.ended).code, way === EXCEPTION ? 1 : 0, program.text);
  await over;
  await closed(server);
  return got;
}

const all = [...Array(COUNT).keys()];

for (const way of ["process.exit()", "nothing left to do"]) {
  test(`${way}`, async () => assert.equal(await received(way, false), [...all, "end"]));
  // net's socket is reset then: TCP has no other way to say that something was not read
  test(`${way}, with messages that nobody read`, async () =>
    assert.equal(await received(way, true), [...all, "end"]));
}

for (const way of ABRUPT) {
  test(way, async () => assert.equal(await received(way, false), [...all, "ECONNRESET"]));
}

test("nothing left to do, where standard input is closed", async () => {
  const withoutInput = (command: string[]) => ["sh", "-c", 'exec "$0" "$@" <&-', ...command];
  assert.equal(await received("nothing left to do", false, withoutInput), [...all, "end"]);
});

test.run();
