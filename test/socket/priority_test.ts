/** `priority`: what is less important makes room for what is more important, in the stack and at this end. */
import { Buffer } from "node:buffer";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { SendOptions, Socket, Undelivered } from "netsctp";
import { skip, stack } from "../helpers/capabilities.ts";
import { connectedPair } from "../helpers/pair.ts";

const FILLER = Buffer.alloc(8000, "f");

/** What became of a message: the code of its error. */
function sent(socket: Socket, data: string | Buffer, options: SendOptions): Promise<string | undefined> {
  return new Promise((resolve) =>
    socket.send(data, options, (error) => resolve((error as NodeJS.ErrnoException | null)?.code))
  );
}

/** A pair whose client has a message of some kind that waits for a peer that does not read. */
async function fullPair(options: SendOptions) {
  const sizes = { client: { sendBufferSize: 64 * 1024 }, server: { recvBufferSize: 64 * 1024 } };
  const pair = await connectedPair(sizes);
  pair.peer.pause();
  let last: Promise<string | undefined>;
  let count = 0;
  do {
    last = sent(pair.client, FILLER, options);
    count++;
    await new Promise((resolve) => setTimeout(resolve, 20)); // lets what was sent be acknowledged, which makes room again
  } while (pair.client.stats().waiting.messages === 0);
  const got: string[] = [];
  pair.peer.on("data", (message) => {
    if (message.length !== FILLER.length) got.push(String(message));
  }).pause();
  return { ...pair, last, count, got };
}

const NAME = "a more important message does not wait behind less important ones";
if (stack === "userspace") {
  skip(NAME, "the userspace stack has no priorities");
  test("where the stack has no priorities, a message with one throws, and waits nowhere", async () => {
    const { client, close } = await connectedPair();
    assert.throws(
      () => client.send("x", { priority: 1 }),
      (error: NodeJS.ErrnoException) => error.code === "ERR_SCTP_UNSUPPORTED",
    );
    assert.equal(client.stats().waiting, { messages: 0, bytes: 0 });
    await close();
  });
} else {
  test(NAME, async () => {
    const { client, peer, last, got, close } = await fullPair({ priority: 9 });
    const told: Undelivered[] = [];
    client.on("undelivered", (message) => told.push(message));
    client.on("error", () => assert.unreachable());
    const fates = [sent(client, "a", { priority: 9 }), sent(client, "b", { priority: 9, context: 7 })];
    client.send("c", { priority: 10 });
    assert.is(await sent(client, "matters", { priority: 1 }), undefined); // nothing was read meanwhile
    const expired = "ERR_SCTP_EXPIRED";
    assert.equal([await last, ...await Promise.all(fates)], [expired, expired, expired]);
    assert.equal(told.map(({ data, context, reason }) => [data.length, context, reason]), [
      [FILLER.length, 0, "expired"],
      [1, 0, "expired"],
      [1, 7, "expired"],
      [1, 0, "expired"],
    ]);
    assert.equal(client.stats().waiting, { messages: 0, bytes: 0 });
    const more = sent(client, "as important", { priority: 1 });
    peer.resume();
    assert.is(await more, undefined);
    while (got.length < 2) await new Promise((resolve) => peer.once("data", resolve));
    assert.equal(got, ["matters", "as important"]);
    await close();
  });

  test("what has no priority is not given up, and what comes behind it waits", async () => {
    const { client, peer, last, got, close } = await fullPair({});
    const less = sent(client, "less", { priority: 9 });
    const more = sent(client, "more", { priority: 1 });
    assert.is(await less, "ERR_SCTP_EXPIRED");
    assert.equal(got, []);
    peer.resume();
    assert.equal([await last, await more], [undefined, undefined]);
    while (got.length < 1) await new Promise((resolve) => peer.once("data", resolve));
    assert.equal(got, ["more"]);
    await close();
  });
}

test.run();
