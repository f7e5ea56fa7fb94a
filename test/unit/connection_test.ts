/** What is asked of a socket while its library is still being fetched. */
import { Buffer } from "node:buffer";
import { Duplex } from "node:stream";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Association } from "../../core/association/association.ts";
import { Connection } from "../../core/net/connection.ts";
import { planConnect } from "../../core/options/connect.ts";
import type { Loop } from "../../core/shim/loop.ts";
import { type Opening, Stacks } from "../../core/shim/stacks.ts";
import { fakeRuntime } from "./fake_runtime.ts";

const request = ({ receiveQueue }: Association) => receiveQueue.request();

/** A connection, and its library's arrival. */
function waiting() {
  const socket: Duplex = new Duplex({
    read() {},
    destroy: (error, callback) => connection.destroy(error, callback),
  });
  let arrived = (_loop: Loop) => {};
  const opening: Opening = (onOpen) => void (arrived = onOpen);
  const connection = new Connection(socket, { open: opening, plan: planConnect([{ port: 1 }], undefined) });
  const arrive = () => arrived(new Stacks(fakeRuntime({ userspace: {} })).loop("userspace"));
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
  connection.writer.addHead(0, 0);
  connection.write([{ chunk: Buffer.from("early") }], () => {});
  arrive();
  assert.is(connection.association!.sender.bytes, 5);
});

test("what was written is answered where the socket is destroyed before there is an association", async () => {
  const { socket, connection } = waiting();
  connection.writer.addHead(0, 0);
  const answer = new Promise<unknown>((resolve) =>
    connection.write([{ chunk: Buffer.from("early") }], resolve)
  );
  socket.destroy();
  assert.is((await answer as NodeJS.ErrnoException).code, "ERR_SOCKET_CLOSED_BEFORE_CONNECTION");
});

test.run();
