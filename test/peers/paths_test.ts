/** Two paths to a peer: one is cut, and restored. The socket gets notifications of both, and no byte is lost. */
import { Buffer } from "node:buffer";
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type Notification, type Socket } from "netsctp";
import { skip } from "../helpers/capabilities.ts";
import { payload } from "../helpers/messages.ts";
import { beside, start } from "../helpers/programs.ts";
import { missing, twoPaths } from "../helpers/two_paths.ts";

const INACTIVE = 0, ACTIVE = 2;
const PORT = 5001; // of a host of its own

/** Waits until the socket is told that about a path. */
function told(socket: Socket, state: string, address: string): Promise<void> {
  return new Promise((resolve) => {
    const onNotification = ({ parsed }: Notification) => {
      if (parsed.type !== "path-change" || parsed.state !== state || parsed.address?.address !== address) {
        return;
      }
      socket.off("notification", onNotification);
      resolve();
    };
    socket.on("notification", onNotification);
  });
}

/** Reads until that many bytes have come. */
function read(socket: Socket, count: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const onClose = () => reject(new Error(`closed after ${length} of ${count} bytes`));
    const onData = (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length < count) return;
      socket.off("data", onData).off("close", onClose);
      resolve(Buffer.concat(chunks));
    };
    socket.on("data", onData).on("close", onClose);
  });
}

/** Sends a hundred messages to an echo, and checks that all of them come back. */
async function talk(socket: Socket, seed: number): Promise<void> {
  const sent = Buffer.concat(Array.from({ length: 100 }, (_, i) => payload(500, seed + i)));
  const echoed = read(socket, sent.length);
  for (let at = 0; at < sent.length; at += 500) socket.write(sent.subarray(at, at + 500));
  assert.ok((await echoed).equals(sent));
}

if (missing) skip("two paths to a peer", missing);
else {
  test("the path in use is cut: UNREACHABLE, the other one takes over, nothing is lost; restored, it is AVAILABLE", async () => {
    const { near, far, there, cut, restore, close } = twoPaths();
    await beside(start(there(["socat", "-d", "-d", `SCTP4-LISTEN:${PORT}`, "PIPE"])), async (echo) => {
      await echo.says(/listening on/);
      const socket = connect({ port: PORT, remoteAddresses: far, localAddresses: near });
      await once(socket, "connect");
      assert.equal(socket.remoteAddresses, far);
      await talk(socket, 1);
      assert.equal(socket.peerInfoByAddress[far[0]]!.state, ACTIVE);

      const updates: Array<number | undefined> = [];
      socket.on("peer-info-update", () => updates.push(socket.peerInfoByAddress[far[0]]!.state));
      const unreachable = told(socket, "unreachable", far[0]);
      cut(0);
      await Promise.all([talk(socket, 1000), unreachable]);
      const [first, second] = far.map((address) => socket.peerInfoByAddress[address]!.state);
      assert.equal([first, second], [INACTIVE, ACTIVE]);
      assert.ok(updates.includes(INACTIVE));
      assert.equal(socket.remoteAddresses, far); // it is still the peer's, and the primary one
      await talk(socket, 2000);

      const available = told(socket, "available", far[0]);
      restore(0);
      await available;
      assert.is(socket.peerInfoByAddress[far[0]]!.state, ACTIVE);
      assert.is(updates.at(-1), ACTIVE);
      await talk(socket, 3000);
      socket.end();
      await once(socket.resume(), "close");
    });
    close();
  });

  test("the first of remoteAddresses does not answer: the second one is connected to", async () => {
    const { near, far, there, cut, close } = twoPaths();
    await beside(start(there(["socat", "-d", "-d", `SCTP4-LISTEN:${PORT}`, "PIPE"])), async (echo) => {
      await echo.says(/listening on/);
      cut(0);
      const socket = connect({ port: PORT, remoteAddresses: far, localAddresses: near });
      await once(socket, "connect");
      await talk(socket, 1);
      assert.is(socket.peerInfoByAddress[far[1]]!.state, ACTIVE);
      socket.end();
      await once(socket.resume(), "close");
    });
    close();
  });
}

test.run();
