/** What the process sees: an unref'd socket lets it end, a handler's exception reaches it. */
import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { once } from "node:events";
import { connectedPair } from "../helpers/pair.ts";

test("an exception in a 'data' handler is an uncaught exception, and loses no message", async () => {
  const { client, peer, close } = await connectedPair();
  const got: string[] = [];
  peer.on("data", (message) => {
    got.push(message.toString());
    if (got.length === 1) throw new Error("from the handler");
  });
  const caught = once(process, "uncaughtException");
  client.write("one");
  client.write("two");
  const [error] = await caught;
  assert.is(error.message, "from the handler");
  if (got.length < 2) await once(peer, "data");
  assert.equal(got, ["one", "two"]);
  await close();
});

// The last test: what it leaves open must not keep this process from ending, which the runner watches.
test("an unref'd server and an unref'd connection do not keep the process alive", async () => {
  const { server, client, peer } = await connectedPair();
  for (const open of [server, client, peer]) open.unref();
});

test.run();
