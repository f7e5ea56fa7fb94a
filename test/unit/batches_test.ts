/** Which writes leave together: a stack that takes all tells how many messages came with each call. */
import { Buffer } from "node:buffer";
import { once } from "node:events";
import { setImmediate } from "node:timers";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { AcceptedRecord, FAMILY, READY, Slab } from "../../core/shim/records.ts";
import { createNet } from "../../core/net/bind.ts";
import type { Socket } from "../../core/net/socket.ts";
import { fakeRuntime } from "./fake_runtime.ts";

const LISTENER = 5;
const ACCEPTED = 7;
const HIGH_WATER_MARK = 100;
const plain = Buffer.alloc(10);

/** Until all that is under way has had its ticks. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A socket that a server accepted, and what each call of `send` had to send. */
async function socketOfTakingStack(): Promise<{ socket: Socket; sent: number[] }> {
  const sent: number[] = [];
  const runtime = fakeRuntime({
    kernel: {
      calls: {
        listen: () => LISTENER,
        take(_loop, out) {
          new Uint32Array(out.buffer, out.byteOffset, 2).set([LISTENER, READY.READABLE]);
          return 1;
        },
        accept(_listener, out) {
          const slab = new Slab(AcceptedRecord.SIZE);
          const unknown = { family: FAMILY.NONE, port: 0, text: "" };
          const streams = { outboundStreams: 10, inboundStreams: 10 };
          AcceptedRecord.write(slab, 0, { handle: ACCEPTED, ...streams, local: unknown, remote: unknown });
          out.set(slab.bytes);
          return 1;
        },
        send(_handle, _batch, _length, count) {
          sent.push(count);
          return count;
        },
      },
    },
  });
  const { Server } = createNet(runtime);
  const server = new Server({ stack: "kernel", highWaterMark: HIGH_WATER_MARK }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const connection = once(server, "connection");
  runtime.wake("kernel");
  const [socket] = await connection;
  return { socket, sent };
}

/** Writes until the socket is full. */
function fill(socket: Socket): number {
  let count = 1;
  while (socket.write(plain)) count++;
  return count;
}

test("a lone write goes out at once", async () => {
  const { socket, sent } = await socketOfTakingStack();
  socket.write(plain);
  assert.equal(sent, [1]);
});

test("what else is written in the same turn leaves together", async () => {
  const { socket, sent } = await socketOfTakingStack();
  for (let i = 0; i < 6; i++) socket.write(plain);
  assert.equal(sent, [1]);
  await turn();
  assert.equal(sent, [1, 5]);
});

test("whatever a listener of 'drain' writes leaves together, the first message, too", async () => {
  const { socket, sent } = await socketOfTakingStack();
  const count = fill(socket);
  const drained = once(socket, "drain");
  socket.once("drain", () => {
    for (let i = 0; i < 4; i++) socket.write(plain);
  });
  await drained;
  await turn();
  assert.equal(sent, [1, count - 1, 4]);
});

test("so does what those write who await 'drain'", async () => {
  const { socket, sent } = await socketOfTakingStack();
  const count = fill(socket);
  await once(socket, "drain");
  for (let i = 0; i < 4; i++) socket.write(plain);
  await turn();
  assert.equal(sent, [1, count - 1, 4]);
});

test("end() in a listener of 'drain' keeps what was written there, and its order", async () => {
  const { socket, sent } = await socketOfTakingStack();
  const count = fill(socket);
  socket.once("drain", () => {
    socket.write(plain);
    socket.end(plain);
  });
  await once(socket, "finish");
  assert.equal([sent[0], sent[1]], [1, count - 1]);
  assert.is(sent.reduce((sum, one) => sum + one, 0), count + 2);
});

test("a sender whose stack takes all gives timers and others their turn", async () => {
  const { socket, sent } = await socketOfTakingStack();
  let hadTurn = false;
  setImmediate(() => hadTurn = true);
  socket.on("drain", () => {
    if (!hadTurn && sent.length < 1000) fill(socket);
  });
  fill(socket);
  while (!hadTurn && sent.length < 1000) await once(socket, "drain");
  assert.ok(hadTurn, `${sent.length} batches went out first`);
});

test.run();
