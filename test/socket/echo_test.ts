/** Messages come back whole, on their streams, with their protocol identifiers, over IPv4 and IPv6. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { message, payload, receive } from "../helpers/messages.ts";
import { connectedPair, LOOPBACKS } from "../helpers/pair.ts";

for (const host of LOOPBACKS) {
  test(`a message and its answer over ${host}`, async () => {
    const { client, peer, close } = await connectedPair({ host });
    peer.on("data", (received) => peer.write(received));
    client.write(message("hello", 3, 46));
    const [answer] = await receive(client, 1);
    assert.is(answer!.toString(), "hello");
    assert.is(answer!.sid, 3);
    assert.is(answer!.ppid, 46);
    await close();
  });
}

test("many messages of many sizes on many streams, in order on each", async () => {
  const { client, peer, close } = await connectedPair();
  peer.on("data", (received) => peer.write(received));
  const count = 400;
  const answers = receive(client, count);
  for (let i = 0; i < count; i++) {
    client.write(message(payload(1 + (i * 37) % 3000, i), i % 8, 0x80000000 + i));
  }
  const received = await answers;
  const perStream = new Map<number, number>();
  for (const answer of received) {
    const i = answer.ppid - 0x80000000;
    assert.is(answer.sid, i % 8);
    assert.ok(answer.equals(payload(1 + (i * 37) % 3000, i)), `payload of message ${i}`);
    assert.ok((perStream.get(answer.sid) ?? -1) < i, `order on stream ${answer.sid}`);
    perStream.set(answer.sid, i);
  }
  await close();
});

test("a string is a message too, on stream 0 with identifier 0", async () => {
  const { client, peer, close } = await connectedPair();
  client.write("grüße", "utf8");
  const [received] = await receive(peer, 1);
  assert.is(received!.toString(), "grüße");
  assert.equal([received!.sid, received!.ppid], [0, 0]);
  await close();
});

test("an empty write sends nothing, and its callback is called", async () => {
  const { client, peer, close } = await connectedPair();
  await new Promise<void>((resolve, reject) =>
    client.write("", (error) => error ? reject(error) : resolve())
  );
  client.write("after");
  const [received] = await receive(peer, 1);
  assert.is(received!.toString(), "after");
  await close();
});

test.run();
