/** sendBufferSize and recvBufferSize of either end: how much a stack takes and keeps while nobody reads. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { AssociationOptions, Socket } from "netsctp";
import { skip, stack } from "../helpers/capabilities.ts";
import { message, payload, receive } from "../helpers/messages.ts";
import { connectedPair } from "../helpers/pair.ts";

const SIZE = 8000;
const SMALL = 256 * 1024;
const LARGE = 4 * 1024 * 1024;
// Buffers count more than payload, each stack in its own way: of what the sizes are apart, this much must be seen.
const LEAST_APART = (LARGE - SMALL) * 3 / 4;

type End = "client" | "server";

/** So many answers of another association: what was to happen at once has happened by then. */
async function roundTrips(client: Socket, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    client.write("tick");
    await receive(client, 1);
  }
}

/** Bytes that two stacks take from a sender whose messages nobody reads. */
async function held(
  sends: End,
  options: { sender?: AssociationOptions; receiver?: AssociationOptions },
  size = SIZE,
) {
  const other = await connectedPair();
  other.peer.on("data", (tick) => other.peer.write(tick));
  const { client, peer, close } = await connectedPair(
    sends === "client"
      ? { client: options.sender, server: options.receiver }
      : { client: options.receiver, server: options.sender },
  );
  const [sender, receiver] = sends === "client" ? [client, peer] : [peer, client];
  receiver.pause();
  const bytes = payload(size);
  let sent = 0;
  const fill = () => {
    do sent += size; while (sender.write(message(bytes)));
  };
  sender.on("drain", fill);
  fill();
  for (let before = -1; before !== sent;) {
    before = sent;
    await roundTrips(other.client, 50);
  }
  const taken = sent - sender.writableLength;
  await Promise.all([close(), other.close()]);
  return taken;
}

for (const sends of ["client", "server"] as const) {
  test(`sendBufferSize of the ${sends}: with a larger one its stack takes more`, async () => {
    const small = await held(sends, { sender: { sendBufferSize: SMALL } });
    const large = await held(sends, { sender: { sendBufferSize: LARGE } });
    assert.ok(
      large - small > LEAST_APART,
      `${small} bytes with the small buffer, ${large} with the large one`,
    );
  });

  const receives = sends === "client" ? "server" : "client";
  test(`recvBufferSize of the ${receives}: with a larger one its peer can send more`, async () => {
    const small = await held(sends, { receiver: { recvBufferSize: SMALL } });
    const large = await held(sends, { receiver: { recvBufferSize: LARGE } });
    assert.ok(
      large - small > LEAST_APART,
      `${small} bytes with the small buffer, ${large} with the large one`,
    );
  });
}

const OF_PAYLOAD = "recvBufferSize is of payload: so much of small messages, too, can wait";
if (stack === "userspace") skip(OF_PAYLOAD, "the userspace stack's window closes by what messages occupy");
else {
  test(OF_PAYLOAD, async () => {
    const window = 256 * 1024;
    const sender = { sendBufferSize: 64 * 1024, highWaterMark: 4096 };
    const taken = await held("client", { sender, receiver: { recvBufferSize: window } }, 32);
    assert.ok(taken > window, `${taken} bytes`);
  });
}

test("a message larger than all buffers goes both ways", async () => {
  const small = { sendBufferSize: 64 * 1024, recvBufferSize: 64 * 1024 };
  const { client, peer, close } = await connectedPair({ client: small, server: small });
  await Promise.all([client, peer].map(async (socket, seed) => {
    const large = payload(300_000, seed);
    const received = receive(socket, 1);
    (socket === client ? peer : client).write(large);
    assert.ok((await received)[0]!.equals(large));
  }));
  await close();
});

test.run();
