/** `sctp.stallTimeout`: a peer that answers heartbeats and acknowledges nothing of what it is sent is given up. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ServerOptions, Socket, SystemError } from "netsctp";
import { skip } from "../helpers/capabilities.ts";
import { noPackets, openToPackets } from "../helpers/encapsulation.ts";
import { payload, receive } from "../helpers/messages.ts";
import { closed, connectedPair, listening } from "../helpers/pair.ts";
import { ABORT, type Chunk, DATA, RawPeer } from "../helpers/raw_peer.ts";

const TIMEOUT_MS = 200;
/** Of a stack that acknowledges: it may take 200 ms for that (RFC 9260 section 6.2), and this machine be busy. */
const LONGER_MS = 1000;
const RTO = { initial: 100, min: 100, max: 100 };

function tsnOf({ body }: Chunk): number {
  return body.readUInt32BE(0);
}

// Once: the kernel has one port for all, and packets to the one before would be refused.
const udpPortOf = noPackets ? () => 0 : await openToPackets();

/** A peer that lives, and the socket that it has. */
async function letIn(sctp: ServerOptions["sctp"]) {
  const retransmissions = { association: 60, path: 60 }; // the stack itself gives up much later
  const server = await listening({ sctp: { rto: RTO, retransmissions, heartbeat: 20, ...sctp } });
  const raw = await RawPeer.open(server.address()!.port, udpPortOf(server));
  raw.answersHeartbeats = true;
  const [[socket]] = await Promise.all([once(server, "connection"), raw.connect(1)]) as [[Socket], void];
  const failed = new Promise<SystemError>((resolve) => socket.on("error", resolve as () => void));
  const close = async () => {
    socket.destroy();
    raw.close();
    await closed(server);
  };
  return { raw, socket, failed, close };
}

if (noPackets) skip("a peer that acknowledges nothing", noPackets);
else {
  const SILENCES: [name: string, answer: (raw: RawPeer, chunk: Chunk) => void][] = [
    ["no SACK at all", () => {}],
    ["SACKs that acknowledge nothing", (raw, chunk) => raw.acknowledge(tsnOf(chunk) - 1)],
  ];
  for (const [name, answer] of SILENCES) {
    test(`a peer that acknowledges nothing: ${name}`, async () => {
      const { raw, socket, failed, close } = await letIn({ stallTimeout: TIMEOUT_MS });
      const answers = (async () => {
        for (;;) answer(raw, await raw.next(DATA));
      })();
      answers.catch(() => {});
      const begun = performance.now();
      const answered = new Promise<unknown>((resolve) => {
        socket.write("x", resolve);
        socket.write("y");
      });
      const error = await failed;
      assert.ok(performance.now() - begun >= TIMEOUT_MS);
      assert.is(error.code, "ERR_SCTP_STALLED");
      assert.match(error.message, `nothing of what was sent to it for ${TIMEOUT_MS} ms`);
      assert.equal(error.closeReason, { reason: "stalled", by: "local" });
      assert.is(socket.closeReason, error.closeReason);
      assert.is(await answered, null); // the stack had it
      await close();
    });
  }

  test("the peer learns of it by an ABORT; what waits fails with the same error", async () => {
    const { raw, socket, failed, close } = await letIn({ stallTimeout: TIMEOUT_MS });
    const aborted = raw.next(ABORT);
    let last: Error | null | undefined;
    for (let i = 0; i < 50; i++) socket.write(payload(100_000), undefined, (error) => last = error);
    const error = await failed;
    await aborted;
    if (!socket.closed) await once(socket, "close");
    assert.is(last, error);
    await close();
  });

  test("it can be set while something is on its way, and turned off", async () => {
    const { raw, socket, failed, close } = await letIn({});
    socket.write("on its way");
    await raw.next(DATA);
    socket.configure({ stallTimeout: 1 }).configure({ stallTimeout: 0 });
    socket.configure({ stallTimeout: TIMEOUT_MS });
    assert.is((await failed).code, "ERR_SCTP_STALLED");
    await close();
  });

  test("a peer that acknowledges slowly, or is asked for nothing, is not given up", async () => {
    const { raw, socket, failed, close } = await letIn({ stallTimeout: TIMEOUT_MS });
    // The second time each comes, which is by a retransmission.
    const seen = new Set<number>();
    socket.write("the first");
    for (let left = 5; left > 0;) {
      const tsn = tsnOf(await raw.next(DATA));
      if (!seen.has(tsn)) seen.add(tsn);
      else {
        raw.acknowledge(tsn);
        if (--left > 0) socket.write("another");
      }
    }
    // Another one is stalled for longer than this one is idle.
    const other = await letIn({ stallTimeout: 2 * TIMEOUT_MS });
    other.socket.write("x");
    assert.is((await other.failed).code, "ERR_SCTP_STALLED");
    assert.is(socket.closeReason, undefined);
    socket.write("still there");
    assert.is((await failed).code, "ERR_SCTP_STALLED");
    await Promise.all([close(), other.close()]);
  });

  test("a closed window is no stall: its reader has stopped, and its stack acknowledges", async () => {
    const stallTimeout = LONGER_MS;
    const pair = await connectedPair({
      // Nor are its answers errors (RFC 9260 section 6.1): there are many more probes than it allows.
      client: { sctp: { rto: RTO, retransmissions: { association: 3, path: 3 }, stallTimeout } },
      server: { recvBufferSize: 65_536, sctp: { rto: RTO } },
    });
    pair.peer.pause();
    const count = 60; // more than all that takes it without a reader
    for (let i = 0; i < count; i++) pair.client.write(payload(10_000));
    const other = await letIn({ stallTimeout: 3 * LONGER_MS });
    other.socket.write("x");
    assert.is((await other.failed).code, "ERR_SCTP_STALLED");
    assert.is(pair.client.closeReason, undefined);
    await receive(pair.peer.resume(), count);
    await Promise.all([pair.close(), other.close()]);
  });
}

test("a peer that keeps up is not given up", async () => {
  const { client, peer, close } = await connectedPair({ client: { sctp: { stallTimeout: LONGER_MS } } });
  peer.on("data", (message) => peer.write(message));
  const begun = performance.now();
  while (performance.now() - begun < 3 * LONGER_MS) {
    const answers = receive(client, 20);
    for (let i = 0; i < 20; i++) client.write(payload(5000));
    await answers;
  }
  assert.is(client.closeReason, undefined);
  await close();
});

test("what it can be", async () => {
  const { client, close } = await connectedPair({ client: { sctp: { stallTimeout: 0 } } });
  for (const wrong of [-1, 1.5, 2 ** 31, NaN]) {
    assert.throws(
      () => client.configure({ stallTimeout: wrong }),
      (error: NodeJS.ErrnoException) => error.code === "ERR_OUT_OF_RANGE",
    );
  }
  assert.throws(
    () => client.configure({ stallTimeout: "1" as unknown as number }),
    (error: NodeJS.ErrnoException) => error.code === "ERR_INVALID_ARG_TYPE",
  );
  client.configure({ stallTimeout: 2 ** 31 - 1 });
  await close();
});

test.run();
