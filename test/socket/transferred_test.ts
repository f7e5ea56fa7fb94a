/** A Buffer whose memory is transferred or resized while it waits fails, and nothing else is lost or counted wrong. */
import { Buffer } from "node:buffer";
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type Message, type Socket } from "netsctp";
import { endpointOf, listening } from "../helpers/pair.ts";

const transfer = ({ buffer }: Uint8Array) => structuredClone(buffer, { transfer: [buffer as ArrayBuffer] });

/** What became of a message: the code of its error. */
function written(socket: Socket, data: Uint8Array): Promise<string | undefined> {
  return new Promise((resolve) =>
    socket.write(data, (error) => resolve((error as NodeJS.ErrnoException | null)?.code))
  );
}

async function withServer(act: (socket: Socket, received: string[]) => Promise<void>): Promise<void> {
  const server = await listening();
  const received: string[] = [];
  server.on("connection", (peer) => {
    peer.on("error", () => {});
    peer.on("data", (message: Message) => received.push(String(message)));
  });
  await act(connect(endpointOf(server)), received);
  await new Promise((resolve) => server.close(resolve));
}

test("in the queue, and among others in the socket", () =>
  withServer(async (socket, received) => {
    const data = ["queued", "held", "whole", "untold", "last"].map((text) => Buffer.alloc(text.length, text));
    data[0] = Buffer.alloc(40_000, "x"); // which would be sent where it lies
    const [queued, held, whole, untold, last] = data as [Buffer, Buffer, Buffer, Buffer, Buffer];
    const fates = [written(socket, queued), written(socket, held), written(socket, whole)];
    socket.write(untold);
    fates.push(written(socket, last));
    const sizes = data.map(({ length }) => length);
    const error = once(socket, "error");
    for (const buffer of [queued, held, untold]) transfer(buffer);
    assert.is(socket.stats().waiting.bytes, sizes.reduce((sum, size) => sum + size));
    const lost = "ERR_INVALID_STATE";
    assert.equal(await Promise.all(fates), [lost, lost, undefined, undefined]);
    assert.is((await error)[0].code, lost);
    assert.equal(socket.stats().waiting, { messages: 0, bytes: 0 });
    assert.is(socket.bytesWritten, "wholelast".length);
    socket.end();
    await once(socket, "close");
    assert.equal(received, ["whole", "last"]);
  }));

test("alone in the socket, it ends that, which has counted what it cannot pass on", () =>
  withServer(async (socket) => {
    const [queued, alone] = [Buffer.from("queued"), Buffer.alloc(9)];
    const fate = written(socket, queued);
    const failed = written(socket, alone);
    const error = once(socket, "error");
    transfer(alone);
    assert.equal([await fate, await failed], [undefined, "ERR_INVALID_STATE"]);
    assert.match((await error)[0].message, "write a copy");
    await once(socket, "close");
  }));

test("of memory that is resized, a part is not sent for the whole", () =>
  withServer(async (socket, received) => {
    // deno-lint-ignore no-explicit-any -- as ES2024 has it
    const memory: any = new (ArrayBuffer as any)(8, { maxByteLength: 16 });
    const fate = written(socket, new Uint8Array(memory));
    memory.resize(4);
    assert.is(await fate, "ERR_INVALID_STATE");
    socket.end();
    await once(socket, "close");
    assert.equal(received, []);
  }));

test.run();
