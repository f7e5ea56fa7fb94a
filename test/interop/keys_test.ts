/** Signed chunks between the stacks: each signature is what RFC 4895 says, by the key and the HMAC of the program's choice. */
import { Buffer } from "node:buffer";
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { AuthOptions, Socket } from "netsctp";
import { type Across, across, testAcross } from "../helpers/across.ts";
import { skip } from "../helpers/capabilities.ts";
import { missing } from "../helpers/encapsulation.ts";
import { CHUNK, type Chunk, type End, ppidOf } from "../helpers/relay.ts";
import { type Signature, signatures } from "../helpers/signatures.ts";

const keys = { 1: Buffer.from("as both know"), 2: Buffer.alloc(200, "longer than a block") };

/** Sends a message from each end to the other one, and waits until both are acknowledged. */
async function exchange({ client, peer }: Across): Promise<void> {
  const dry = (socket: Socket) =>
    new Promise<void>((resolve) =>
      socket.on("notification", function look({ parsed }) {
        if (parsed.type !== "sender-dry") return;
        socket.off("notification", look);
        resolve();
      })
    );
  await Promise.all([[client, peer], [peer, client]].map(async ([from, to]) => {
    const got = once(to!, "data");
    from!.write("signed");
    await got;
    await dry(from!);
  }));
}

/** How all chunks of that type that an end has sent are signed, which has to be in one way. */
function howSigned({ relay }: Across, from: End, type: number, since = 0): Omit<Signature, "isRight"> {
  const signatureOf = signatures(relay, keys);
  const all = relay.chunks(from, type).slice(since).map((chunk) => signatureOf(chunk));
  assert.ok(all.length > 0);
  for (const one of all) assert.equal(one, { ...all[0]!, isRight: true });
  return { key: all[0]!.key, hmac: all[0]!.hmac };
}

for (const hmac of ["sha256", "sha1"] as const) {
  testAcross(
    `DATA and SACK of both ends are signed by ${hmac}, and by another key when that is activated`,
    async (stack) => {
      const auth: AuthOptions = {
        keys,
        active: 1,
        chunks: ["data", "sack"],
        hmacs: hmac === "sha1" ? ["sha1"] : ["sha256", "sha1"],
      };
      const pair = await across(stack, { both: { sctp: { auth } } });
      const { client, peer, relay, close } = pair;
      assert.equal([client.features!.auth, peer.features!.auth], [true, true]);
      await exchange(pair);
      const sent = [["client", CHUNK.DATA], ["server", CHUNK.DATA], ["client", CHUNK.SACK], [
        "server",
        CHUNK.SACK,
      ]] as const;
      for (const [from, type] of sent) assert.equal(howSigned(pair, from, type), { key: 1, hmac });
      const counts = sent.map(([from, type]) => relay.chunks(from, type).length);
      for (const end of [client, peer]) end.activateKey(2);
      await exchange(pair);
      for (const [i, [from, type]] of sent.entries()) {
        assert.equal(howSigned(pair, from, type, counts[i]), { key: 2, hmac });
      }
      await close();
    },
  );
}

testAcross(
  "an end says what it wants to be signed: what the other one does not ask for is not",
  async (stack) => {
    const pair = await across(stack, {
      client: { sctp: { auth: { keys, active: 1, chunks: ["sack"] } } },
      server: { sctp: { auth: { keys, active: 2, chunks: ["data"] } } },
    });
    await exchange(pair);
    assert.equal(howSigned(pair, "client", CHUNK.DATA), { key: 1, hmac: "sha256" });
    assert.equal(howSigned(pair, "server", CHUNK.SACK), { key: 2, hmac: "sha256" });
    const signatureOf = signatures(pair.relay, keys);
    // What shares a packet with a chunk that is signed may be signed, too.
    const alone = ({ packet }: Chunk) => packet.chunks.length === 1;
    assert.equal(pair.relay.chunks("client", CHUNK.SACK, alone).map(signatureOf).filter(Boolean), []);
    assert.equal(pair.relay.chunks("server", CHUNK.DATA, alone).map(signatureOf).filter(Boolean), []);
    await pair.close();
  },
);

testAcross("another key: what it signs is sent, and never arrives", async (stack) => {
  const [ours, theirs] = [{ 1: keys[1] }, { 1: keys[2] }];
  const { client, peer, relay, close } = await across(stack, {
    client: {
      sctp: {
        auth: { keys: ours },
        rto: { initial: 100, min: 100, max: 100 },
        retransmissions: { association: 2, path: 2 },
        heartbeat: false,
      },
    },
    server: { sctp: { auth: { keys: theirs } } },
  });
  peer.on("data", () => assert.unreachable()).on("error", () => {}); // the client aborts
  client.write("nobody can verify it");
  const [error] = await once(client, "error") as [NodeJS.ErrnoException];
  assert.is(error.code, "ETIMEDOUT");
  assert.match(error.message, "keys");
  const signatureOf = signatures(relay, ours);
  for (const chunk of relay.chunks("client", CHUNK.DATA)) assert.is(signatureOf(chunk)!.isRight, true);
  await close();
});

const OF_ONE = "kernel to userspace: send({ key }): that message is signed by it, others by the active one";
if (missing) skip(OF_ONE, missing);
else {
  test(OF_ONE, async () => {
    const { client, peer, relay, close } = await across("kernel", {
      both: { sctp: { auth: { keys, active: 1 } } },
    });
    const got = new Promise<void>((resolve) => {
      let missing = 3;
      peer.on("data", () => --missing === 0 && resolve());
    });
    for (const [ppid, options] of [{}, { key: 2 }, {}].entries()) client.send("x", { ppid, ...options });
    await got;
    const signatureOf = signatures(relay, keys);
    const told = relay.chunks("client", CHUNK.DATA).map((chunk) => [ppidOf(chunk), signatureOf(chunk)]);
    const by = (key: number) => ({ key, hmac: "sha256", isRight: true });
    assert.equal(told, [[0, by(1)], [1, by(2)], [2, by(1)]]);
    await close();
  });
}

test.run();
