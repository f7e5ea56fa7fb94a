/** One message is one chunk, from 1 byte to 100 KB. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { message, payload, receive, write } from "../helpers/messages.ts";
import { connectedPair } from "../helpers/pair.ts";

const SIZES = [
  1,
  2,
  3,
  4,
  7,
  63,
  64,
  65,
  1000,
  1452,
  1453,
  4096,
  16_000,
  32_767,
  32_768,
  65_535,
  65_536,
  100_000,
  102_400,
];

test("every size arrives as it was sent", async () => {
  const { client, peer, close } = await connectedPair();
  const received = receive(peer, SIZES.length);
  for (const size of SIZES) await write(client, message(payload(size), size % 10, size));
  for (const [i, got] of (await received).entries()) {
    assert.is(got.length, got.ppid, `message ${i}`);
    assert.ok(got.equals(payload(got.length)), `bytes of ${got.length}`);
    assert.is(got.sid, got.length % 10);
  }
  await close();
});

test("a message above maxMessageSize fails the socket, not the process", async () => {
  const { client, peer, close } = await connectedPair({ server: { maxMessageSize: 10_000 } });
  const failure = new Promise<NodeJS.ErrnoException>((resolve) => peer.on("error", resolve));
  client.on("error", () => {});
  peer.on("data", () => assert.unreachable("no part of it may be given"));
  client.write(payload(10_001));
  assert.is((await failure).code, "ERR_SCTP_MESSAGE_TOO_LARGE");
  await close();
});

test("a message above the send buffer makes it grow", async () => {
  const size = 5 * 1024 * 1024;
  const { client, peer, close } = await connectedPair({ server: { maxMessageSize: size } });
  const received = receive(peer, 2);
  const large = payload(size);
  client.write(message(large, 3, 33));
  client.write(message("behind it", 3, 34));
  const [first, second] = await received;
  assert.ok(first!.equals(large));
  assert.equal([first!.sid, first!.ppid], [3, 33]);
  assert.is(second!.toString(), "behind it");
  await close();
});

test("a message above what a send buffer can be fails with EMSGSIZE: both sizes, and what to do", async () => {
  const { client, close } = await connectedPair();
  const size = 2 ** 30; // never touched, so it costs no memory
  const error = await new Promise<NodeJS.ErrnoException>((resolve) => {
    client.on("error", resolve);
    client.write(Buffer.alloc(size));
  });
  assert.is(error.code, "EMSGSIZE");
  assert.is(error.syscall, "write");
  assert.match(error.message, new RegExp(`${size} bytes .* [1-9][0-9]+ bytes: .*send smaller messages`));
  await close();
});

test.run();
