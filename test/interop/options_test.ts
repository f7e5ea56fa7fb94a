/** Options of each stack, as the other one meets them: in the packets between, at both ends, and counted. */
import { Buffer } from "node:buffer";
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, type SctpOptions, type Stack, type SystemError } from "netsctp";
import { across, testAcross, wayAcross } from "../helpers/across.ts";
import { skip } from "../helpers/capabilities.ts";
import { missing } from "../helpers/encapsulation.ts";
import { receive } from "../helpers/messages.ts";
import { CHUNK, type Packet } from "../helpers/relay.ts";
import { parametersOf } from "../helpers/raw_peer.ts";

const ECN = 0x8000, SUPPORTED_EXTENSIONS = 0x8008, FORWARD_TSN = 0xc000, ADAPTATION = 0xc006;
const CHUNK_HEADER = 4, DATA_HEADER = 16, IP_AND_UDP = 20 + 8;
/** Longer than any of these packets is on its way. */
const RTO = { initial: 300, min: 300, max: 300 };
const SHORT_RTO = { initial: 20, min: 20, max: 20 };

const ofClient = ({ from }: Packet) => from === "client";

const PROBES = "kernel to userspace: pathMtu.probeInterval: a padded heartbeat, which is answered";
/** Begun here, as the first probe takes its time: other tests do not wait for it. */
const probing = missing
  ? undefined
  : across("kernel", { client: { sctp: { pathMtu: { probeInterval: 5000 }, heartbeat: false } } });

testAcross(
  "retransmissions.association: what is not acknowledged is sent that often again, then it is a time-out",
  async (stack) => {
    const association = 2;
    const { client, relay, close } = await across(stack, {
      client: { sctp: { rto: RTO, retransmissions: { association, path: association }, heartbeat: false } },
    });
    relay.loses = ofClient;
    client.write("is anybody there?");
    const failed = once(client, "error");
    await relay.until("client", CHUNK.DATA, undefined, 1 + association);
    const [error] = await failed as [SystemError];
    assert.is(error.code, "ETIMEDOUT");
    assert.is(relay.chunks("client", CHUNK.DATA).length, 1 + association);
    await close();
  },
);

testAcross(
  "retransmissions: what was sent 40 times in vain is sent again, as long as the limits allow it",
  async (stack) => {
    const { client, peer, relay, close } = await across(stack, {
      client: { sctp: { rto: SHORT_RTO, retransmissions: { association: 1000, path: 1000 } } },
    });
    relay.loses = ofClient;
    client.write("at last");
    await relay.until("client", CHUNK.DATA, undefined, 40); // usrsctp's own limit is 30
    relay.loses = () => false;
    assert.is(String((await receive(peer, 1))[0]), "at last");
    await close();
  },
);

testAcross("init.attempts: INIT is sent that often again, then it is a time-out", async (stack) => {
  const attempts = 3;
  const { to, relay, close } = await wayAcross(stack, { loses: ofClient });
  const client = connect({ ...to, sctp: { init: { attempts, timeout: SHORT_RTO.max }, rto: SHORT_RTO } });
  const failed = once(client, "error");
  await relay.until("client", CHUNK.INIT, undefined, 1 + attempts);
  const [error] = await failed as [SystemError];
  assert.is(error.code, "ETIMEDOUT");
  assert.is(relay.chunks("client", CHUNK.INIT).length, 1 + attempts);
  await close();
});

testAcross("heartbeat: none by itself, one on demand, then by itself; each is answered", async (stack) => {
  const { client, relay, close } = await across(stack, {
    client: { sctp: { heartbeat: false, rto: SHORT_RTO } },
    server: { sctp: { heartbeat: false } },
  });
  client.write("by now one would have come");
  await relay.until("server", CHUNK.SACK);
  assert.equal(relay.chunks("client", CHUNK.HEARTBEAT), []);
  client.sendHeartbeat();
  const [first] = await relay.until("client", CHUNK.HEARTBEAT);
  const [answer] = await relay.until("server", CHUNK.HEARTBEAT_ACK);
  assert.ok(answer!.bytes.subarray(CHUNK_HEADER).equals(first!.bytes.subarray(CHUNK_HEADER)));
  client.configure({ heartbeat: 100 });
  await relay.until("server", CHUNK.HEARTBEAT_ACK, undefined, 3);
  assert.equal(relay.chunks("server", CHUNK.HEARTBEAT), []);
  await close();
});

testAcross(
  "maxSegment, pathMtu: no fragment is longer, no packet is, and the message is whole again",
  async (stack) => {
    const sctp: SctpOptions = { maxSegment: 500, pathMtu: 1000 };
    const { client, peer, relay, close } = await across(stack, { client: { sctp } });
    const sent = Buffer.alloc(5000, "fragments ");
    client.write(sent);
    const [got] = await receive(peer, 1);
    assert.ok(got!.equals(sent));
    const longest = Math.max(...relay.chunks("client", CHUNK.DATA).map(({ bytes }) => bytes.length));
    assert.ok(longest <= DATA_HEADER + 500 && longest > 500 - DATA_HEADER, `a chunk of ${longest} bytes`);
    client.configure({ maxSegment: 0 });
    client.write(sent);
    await receive(peer, 1);
    const packet = Math.max(...relay.packets.filter(ofClient).map(({ bytes }) => bytes.length + IP_AND_UDP));
    assert.ok(packet <= 1000 && packet > 1000 - 16, `a packet of ${packet} bytes`);
    await close();
  },
);

testAcross("adaptation: told to each end by the other's INIT or INIT ACK", async (stack) => {
  const [ofClient, ofServer] = [0x01020304, 0xfffefdfc];
  const told: unknown[] = [];
  const { server, to, relay, close } = await wayAcross(stack, { server: { sctp: { adaptation: ofServer } } });
  const client = connect({ ...to, sctp: { adaptation: ofClient } });
  const indication = (socket: typeof client) =>
    new Promise<number>((resolve) =>
      socket.on("notification", ({ parsed }) => parsed.type === "adaptation" && resolve(parsed.indication))
    );
  const ofPeer = new Promise<number>((resolve) =>
    server.on("connection", (peer) => {
      peer.on("error", () => {});
      indication(peer).then(resolve);
    })
  );
  told.push(...await Promise.all([indication(client), ofPeer]));
  assert.equal(told, [ofServer, ofClient]);
  const onWire = [...relay.chunks("client", CHUNK.INIT), ...relay.chunks("server", CHUNK.INIT_ACK)]
    .map(({ bytes }) => parametersOf(bytes.subarray(CHUNK_HEADER)).get(ADAPTATION)!.readUInt32BE(0));
  assert.equal(onWire, [ofClient, ofServer]);
  client.destroy();
  await close();
});

/** What the ends ask for in INIT and INIT ACK. */
async function negotiated(stack: Stack, client: SctpOptions, server: SctpOptions) {
  const pair = await across(stack, { client: { sctp: client }, server: { sctp: server } });
  const both = [pair.client.features!, pair.peer.features!] as const;
  assert.equal(both[0], both[1]);
  const parameters = [["client", CHUNK.INIT], ["server", CHUNK.INIT_ACK]] as const;
  const [init, initAck] = parameters.map(([from, type]) =>
    parametersOf(pair.relay.chunks(from, type)[0]!.bytes.subarray(CHUNK_HEADER))
  );
  await pair.close();
  return { features: both[0], init: init!, initAck: initAck! };
}

testAcross("features: both ends say the same of what INIT and INIT ACK have", async (stack) => {
  const auth = { keys: { 1: Buffer.from("as both know") } };
  const all = await negotiated(
    stack,
    { auth, dynamicAddresses: true, partialReliability: true },
    { auth, dynamicAddresses: true, partialReliability: true },
  );
  const { auth: signed, dynamicAddresses, partialReliability, ecn, interleaving } = all.features;
  assert.equal([signed, dynamicAddresses, partialReliability], [true, true, true]);
  assert.equal([ecn, interleaving], [false, false]); // which the userspace stack has not
  for (const parameters of [all.init, all.initAck]) {
    assert.ok(parameters.has(FORWARD_TSN));
    const extensions = [...parameters.get(SUPPORTED_EXTENSIONS)!];
    for (const type of [CHUNK.AUTH, CHUNK.ASCONF, CHUNK.ASCONF_ACK]) assert.ok(extensions.includes(type));
  }
  const none = await negotiated(
    stack,
    { partialReliability: false, dynamicAddresses: false },
    { partialReliability: true, dynamicAddresses: true, auth },
  );
  assert.equal([none.features.dynamicAddresses, none.features.partialReliability], [false, false]);
  assert.not.ok(none.init.has(FORWARD_TSN));
});

const ECN_OFFERED = "kernel to userspace: ecn: offered and not taken up, or not offered at all";
if (missing) skip(ECN_OFFERED, missing);
else {
  test(ECN_OFFERED, async () => {
    for (const ecn of [true, false]) {
      const { features, init, initAck } = await negotiated("kernel", { ecn }, {});
      assert.equal([init.has(ECN), initAck.has(ECN), features.ecn], [ecn, false, false]);
    }
  });
}

testAcross("stats(): what each end has counted is what went between, and what was lost", async (stack) => {
  const { client, peer, relay, close } = await across(stack, {
    both: { sctp: { heartbeat: false, rto: RTO, sack: { freq: 1 } } },
  });
  const COUNT = 20, BYTES = COUNT * 100;
  let isFirst = true;
  relay.loses = ({ from, chunks }) => {
    const isLost = isFirst && from === "client" && chunks.some(({ type }) => type === CHUNK.DATA);
    if (isLost) isFirst = false;
    return isLost;
  };
  const all = receive(peer, COUNT);
  for (let i = 0; i < COUNT; i++) client.send(Buffer.alloc(100), { unordered: i % 2 === 0 });
  await all;
  while (client.status().unackdata > 0) await new Promise((resolve) => setImmediate(resolve));
  const [here, there] = [client.stats(), peer.stats()];
  assert.equal([here.messagesOut, here.bytesOut], [COUNT, BYTES]);
  assert.equal([there.messagesIn, there.bytesIn], [COUNT, BYTES]);
  assert.equal([here.unorderedOut, there.unorderedIn], [COUNT / 2, COUNT / 2]);
  const data = relay.chunks("client", CHUNK.DATA);
  assert.is(here.retransmitted, data.length - COUNT);
  const sacks = relay.chunks("server", CHUNK.SACK);
  assert.equal([here.sacksIn, there.sacksOut], [sacks.length, sacks.length]);
  const blocks = sacks.reduce((sum, { bytes }) => sum + bytes.readUInt16BE(12), 0);
  assert.is(here.gaps, blocks);
  const packets = relay.packets.filter(ofClient).length;
  assert.equal([here.packetsOut, here.packetsIn], [packets, relay.packets.length - packets]);
  await close();
});

if (missing) skip(PROBES, missing);
else {
  test(PROBES, async () => {
    const { relay, close } = await probing!;
    const [pad] = await relay.until("client", CHUNK.PAD);
    assert.equal(pad!.packet.chunks.map(({ type }) => type), [CHUNK.HEARTBEAT, CHUNK.PAD]);
    await relay.until("server", CHUNK.HEARTBEAT_ACK);
    await close();
  });
}

test.run();
