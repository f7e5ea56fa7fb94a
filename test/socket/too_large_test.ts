/** A message far above maxMessageSize costs the receiver no more memory than one of that size. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { Socket } from "netsctp";
import { runtime } from "../helpers/capabilities.ts";
import { Memory } from "../helpers/memory.ts";
import { closed, endpointOf, listening } from "../helpers/pair.ts";
import { beside } from "../helpers/programs.ts";
import { startOn } from "../helpers/runtimes.ts";

const SIZE_MIB = 50;
// Far less than the message; what is left over is garbage, and the pieces of the first MiB.
const ROOM_MB = 25;

test(`a peer that sends ${SIZE_MIB} MiB as one message is aborted, and memory stays flat`, async () => {
  const server = await listening();
  const { host, port } = endpointOf(server);
  const program = startOn(runtime, "test/helpers/send_large.ts", [
    host,
    `${port}`,
    `${SIZE_MIB}`,
  ]);
  await beside(program, async () => {
    const [peer] = await once(server, "connection") as [Socket];
    const memory = new Memory(ROOM_MB);
    peer.on("data", () => assert.unreachable("no part of it may be given"));
    const [error] = await once(peer, "error");
    memory.look();
    assert.is(error.code, "ERR_SCTP_MESSAGE_TOO_LARGE");
    assert.ok(peer.bytesRead < 4 * 2 ** 20, `${peer.bytesRead} bytes were received`);
    await program.says(/error ECONNRESET\s+close/);
    memory.look();
    assert.is(memory.problem, undefined);
  });
  await closed(server);
});

test.run();
