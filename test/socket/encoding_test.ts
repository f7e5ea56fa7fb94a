/** setEncoding(): each message is one string, also of those that wait already. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Socket } from "netsctp";
import { message } from "../helpers/messages.ts";
import { connectedPair } from "../helpers/pair.ts";

const TEXTS = ["eins", "größer", "漢字", "x"];

const WAYS: Record<string, (socket: Socket, into: unknown[]) => Promise<unknown>> = {
  "'data'": (socket, into) => {
    socket.on("data", (text) => into.push(text));
    return once(socket, "end");
  },
  "read()": async (socket, into) => {
    socket.on("readable", () => {
      for (let text = socket.read(); text !== null; text = socket.read()) into.push(text);
    });
    await once(socket, "end");
  },
  "for await": async (socket, into) => {
    for await (const text of socket) into.push(text);
  },
};

for (const [name, read] of Object.entries(WAYS)) {
  test(`${name} gives a string a message`, async () => {
    const { client, peer, close } = await connectedPair();
    for (const text of TEXTS) client.write(message(text, 3));
    await once(peer, "readable"); // so that some wait
    assert.is(peer.setEncoding("utf8"), peer);
    assert.is(peer.readableEncoding, "utf8");
    client.end();
    const got: unknown[] = [];
    await read(peer, got);
    assert.equal(got, TEXTS);
    await close();
  });
}

test("with a highWaterMark of a few bytes, none is held back", async () => {
  const { client, peer, close } = await connectedPair({ server: { highWaterMark: 4 } });
  peer.setEncoding("utf8");
  for (let i = 0; i < 200; i++) client.write(message(`${TEXTS[i % 4]!} ${i}`));
  client.end();
  const got: string[] = [];
  for await (const text of peer) {
    got.push(text as string);
    await new Promise((resolve) => setImmediate(resolve));
  }
  assert.equal(got, [...Array(200).keys()].map((i) => `${TEXTS[i % 4]!} ${i}`));
  await close();
});

test("other encodings, and none that there is", async () => {
  const { client, peer, close } = await connectedPair();
  assert.throws(
    () => peer.setEncoding("klingon" as "utf8"),
    (error: NodeJS.ErrnoException) => error.code === "ERR_UNKNOWN_ENCODING",
  );
  peer.setEncoding("hex");
  client.write(message("AZ"));
  assert.equal(await once(peer, "data"), ["415a"]);
  await close();
});

test("setDefaultEncoding() is for strings that write() says nothing of", async () => {
  const { client, peer, close } = await connectedPair();
  const got: string[] = [];
  peer.on("data", (data) => got.push(data.toString()));
  assert.is(client.setDefaultEncoding("hex"), client);
  client.write("415a");
  client.write("plain", "utf8");
  client.end("5a41");
  await once(peer, "end");
  assert.equal(got, ["AZ", "plain", "ZA"]);
  await close();
});

test.run();
