/** Ends and new beginnings of an association between the stacks: each says why, and each is told why. */
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type CloseReason, connect, type Socket } from "netsctp";
import { across, testAcross, wayAcross } from "../helpers/across.ts";
import { CHUNK } from "../helpers/relay.ts";

/** Why a socket says that its association has ended. */
function reasonOf(socket: Socket): Promise<CloseReason> {
  socket.on("error", () => {}).resume();
  return new Promise((resolve) => socket.on("close", () => resolve(socket.closeReason!)));
}

const ABORT_CAUSE = { causeCode: 12, causeName: "User-Initiated Abort" };

testAcross("a shutdown, by the end that began it", async (stack) => {
  for (const end of ["client", "peer"] as const) {
    const pair = await across(stack);
    const [here, there] = end === "client" ? [pair.client, pair.peer] : [pair.peer, pair.client];
    const reasons = Promise.all([reasonOf(here), reasonOf(there)]);
    here.end();
    assert.equal(await reasons, [{ reason: "shutdown", by: "local" }, { reason: "shutdown", by: "peer" }]);
    await pair.close();
  }
});

testAcross("an ABORT of either end: its cause is what the other one is told", async (stack) => {
  for (const end of ["client", "peer"] as const) {
    const pair = await across(stack);
    const [here, there] = end === "client" ? [pair.client, pair.peer] : [pair.peer, pair.client];
    const [local, remote] = [reasonOf(here), reasonOf(there)];
    // The kernel's one-to-one sockets can give no reason.
    const why = here.stack === "userspace" ? "enough: ünïcode" : "";
    here.abort(why);
    const { causeData, ...rest } = await remote;
    assert.equal([rest, String(causeData)], [{ reason: "abort", by: "peer", ...ABORT_CAUSE }, why]);
    assert.is((await local).by, "local");
    const [abort] = pair.relay.chunks(end === "client" ? "client" : "server", CHUNK.ABORT);
    assert.equal([abort!.bytes.readUInt16BE(4), String(abort!.bytes.subarray(8))], [12, why]);
    await pair.close();
  }
});

testAcross(
  "a peer that restarts: what was on its way to it comes back, 'restart', and then its messages",
  async (stack) => {
    const { server, to, relay, close } = await wayAcross(stack, {
      both: { sctp: { heartbeat: false, rto: { initial: 1000, min: 1000, max: 1000 } } },
    });
    const [first, [peer]] = await Promise.all([
      new Promise<Socket>((resolve) => {
        const socket = connect(to, () => resolve(socket));
      }),
      once(server, "connection") as Promise<[Socket]>,
    ]);
    const told: unknown[] = [];
    peer.on("data", (data) => told.push(String(data)))
      .on("undelivered", ({ data, isSent, reason }) => told.push([String(data), isSent, reason]))
      .on("restart", () => told.push("restart"));
    first.write("the first life");
    await once(peer, "data");
    // Its acknowledgement must not meet an end that is gone, and would say so.
    while (first.status().unackdata > 0) await new Promise((resolve) => setImmediate(resolve));
    // As of a host that loses its power: nothing is heard of its end, and nothing arrives there.
    relay.loses = ({ chunks }) => chunks.some(({ type }) => type === CHUNK.ABORT || type === CHUNK.DATA);
    peer.write("on its way");
    await relay.until("server", CHUNK.DATA);
    const { localPort } = first;
    first.destroy();
    await relay.until("client", CHUNK.ABORT);
    relay.loses = () => false;
    const second = connect({ ...to, localPort });
    second.write("the second life");
    while (told.at(-1) !== "the second life") await once(peer, "data");
    assert.equal(told, ["the first life", ["on its way", true, "restart"], "restart", "the second life"]);
    const answer = once(second, "data");
    peer.write("welcome back");
    assert.is(String((await answer)[0]), "welcome back");
    for (const socket of [second, peer]) socket.on("error", () => {}).destroy();
    await close();
  },
);

test.run();
