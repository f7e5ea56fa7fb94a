/** What is asked of a socket while its library is still being fetched. */
import { Buffer } from "node:buffer";
import { Duplex } from "node:stream";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Association } from "../../core/association/association.ts";
import { Connection } from "../../core/net/connection.ts";
import { planConnect } from "../../core/options/connect.ts";
import type { Loop } from "../../core/shim/loop.ts";
import type { Stack } from "../../core/shim/native.ts";
import { type Opening, Stacks } from "../../core/shim/stacks.ts";
import { plain } from "../helpers/send_plans.ts";
import { fakeRuntime } from "./fake_runtime.ts";

const request = ({ receiveQueue }: Association) => receiveQueue.request();

/** A connection, and its library's arrival. */
function waiting(stack: Stack = "userspace") {
  const socket: Duplex = new Duplex({
    read() {},
    destroy: (error, callback) => connection.destroy(error, callback),
  });
  let arrived = (_loop: Loop) => {};
  const opening: Opening = (onOpen) => void (arrived = onOpen);
  const connection = new Connection(socket, { open: opening, plan: planConnect([{ port: 1 }], undefined) });
  const arrive = () => arrived(new Stacks(fakeRuntime({ [stack]: {} })).loop(stack));
  return { socket, connection, arrive };
}

test("what was asked for is asked of the association: it cannot be held any more", () => {
  for (const asks of [true, false]) {
    const { connection, arrive } = waiting();
    if (asks) connection.withAssociation(request);
    arrive();
    const { receiveQueue } = connection.association!;
    receiveQueue.hold();
    assert.is(receiveQueue.isReading, asks);
    connection.withAssociation(request);
    assert.is(receiveQueue.isReading, true);
  }
});

test("what was written waits in the queue of the association", () => {
  const { connection, arrive } = waiting();
  connection.writer.addHead(plain(), 5);
  connection.write([{ chunk: Buffer.from("early") }], () => {});
  arrive();
  assert.is(connection.association!.sender.bytes, 5);
});

test("what was written is answered where the socket is destroyed before there is an association", async () => {
  const { socket, connection } = waiting();
  connection.writer.addHead(plain(), 5);
  const answer = new Promise<unknown>((resolve) =>
    connection.write([{ chunk: Buffer.from("early") }], resolve)
  );
  socket.destroy();
  assert.is((await answer as NodeJS.ErrnoException).code, "ERR_SOCKET_CLOSED_BEFORE_CONNECTION");
});

test("a reason for an ABORT that the stack, once it is known, cannot tell is the socket's error", async () => {
  for (const stack of ["kernel", "userspace"] as const) {
    const { socket, connection, arrive } = waiting(stack);
    let code: string | undefined;
    socket.on("error", (error: NodeJS.ErrnoException) => code = error.code);
    const closed = new Promise<void>((resolve) => socket.on("close", () => resolve()));
    connection.reset(Buffer.from("bye"));
    arrive();
    socket.emit("connect");
    await closed;
    assert.is(code, stack === "kernel" ? "ERR_SCTP_UNSUPPORTED" : undefined);
  }
});

test.run();
