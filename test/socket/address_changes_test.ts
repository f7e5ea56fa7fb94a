/** Addresses that come and go while an association is up (sctp.dynamicAddresses). */
import { Buffer } from "node:buffer";
import { once } from "node:events";
import { setImmediate } from "node:timers";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, createServer, type Socket } from "netsctp";
import { stack } from "../helpers/capabilities.ts";
import { receive, write } from "../helpers/messages.ts";
import { closed, connectedPair, endpointOf, listening } from "../helpers/pair.ts";
import { checkPlan, sendPlan, STREAMS } from "../helpers/plan.ts";
import { thrownBy } from "../helpers/thrown.ts";

const [FIRST, SECOND] = ["127.0.0.1", "127.0.0.2"];
const dynamic = { OS: STREAMS, MIS: STREAMS, sctp: { dynamicAddresses: true } };

const dynamicPair = () => connectedPair({ server: dynamic, client: dynamic });

async function peerHas(peer: Socket, addresses: string[]): Promise<void> {
  while (peer.remoteAddresses.sort().join() !== addresses.join()) await once(peer, "address-change");
}

for (const end of ["client", "peer"] as const) {
  test(`an address of the ${end} is exchanged under load: the other end follows, and nothing is lost`, async () => {
    const pair = await dynamicPair();
    const other = pair[end === "client" ? "peer" : "client"];
    const talk = Promise.all([
      checkPlan(pair.client, 1),
      checkPlan(pair.peer, 2),
      sendPlan(pair.peer, 1),
      sendPlan(pair.client, 2),
    ]);
    assert.is(pair[end].addLocalAddress(SECOND), pair[end]);
    assert.equal(pair[end].localAddresses.sort(), [FIRST, SECOND]);
    await peerHas(other, [FIRST, SECOND]);
    pair[end].removeLocalAddress(FIRST);
    assert.equal(pair[end].localAddresses, [SECOND]);
    await peerHas(other, [SECOND]);
    assert.is(pair[end].localAddress, SECOND);
    await talk;
    await Promise.all([checkPlan(pair.client, 3), sendPlan(pair.peer, 3)]);
    await pair.close();
  });
}

test("at once: nobody waits for the peer in between", async () => {
  const { client, peer, close } = await dynamicPair();
  client.addLocalAddress(SECOND).removeLocalAddress(FIRST);
  assert.equal(client.localAddresses, [SECOND]);
  client.write("from the new one");
  await Promise.all([once(peer, "data"), peerHas(peer, [SECOND])]);
  await close();
});

/** Its addresses after each change that is made without waiting for the peer: `+3` adds 127.0.0.3, `-3` removes it. */
const SEQUENCES: [change: string, left: string][][] = [
  [["+2", "12"], ["-1", "2"], ["+1", "12"], ["-2", "1"]],
  [["+2", "12"], ["-1", "2"], ["+3", "23"], ["-2", "3"]],
  [["+2", "12"], ["-1", "2"], ["+1", "12"], ["-2", "1"], ["+2", "12"], ["-1", "2"]],
  [["+2", "12"], ["-2", "1"], ["+2", "12"], ["-2", "1"]],
  [["+2", "12"], ["-1", "2"], ["+3", "23"], ["-2", "3"], ["+1", "13"], ["-3", "1"], ["+4", "14"]],
];

for (const sequence of SEQUENCES) {
  const name = sequence.map(([change]) => change).join(" ");
  test(`faster than the peer follows, under load: ${name}`, async () => {
    const { client, peer, close } = await dynamicPair();
    const talk = Promise.all([
      checkPlan(client, 1),
      checkPlan(peer, 2),
      sendPlan(peer, 1),
      sendPlan(client, 2),
    ]);
    let wanted: string[] = [];
    for (const [change, left] of sequence) {
      const address = `127.0.0.${change.slice(1)}`;
      if (change.startsWith("+")) client.addLocalAddress(address);
      else client.removeLocalAddress(address);
      wanted = [...left].map((last) => `127.0.0.${last}`);
      assert.equal(client.localAddresses.sort(), wanted, change);
    }
    await Promise.all([talk, peerHas(peer, wanted)]);
    await Promise.all([checkPlan(client, 3), sendPlan(peer, 3)]);
    await close();
  });
}

test("both ends go from address to address, with messages of 1 MB on their way", async () => {
  const { client, peer, close } = await dynamicPair();
  const ends = [[client, peer, ["127.0.0.2", "127.0.0.3", FIRST]], [
    peer,
    client,
    ["127.0.0.12", "127.0.0.13", "127.0.0.14"],
  ]] as const;
  const large = Array.from({ length: 6 }, (_, i) => Buffer.alloc(1_000_000, i + 1));
  await Promise.all(ends.map(async ([from, to, addresses]) => {
    const received = receive(to, large.length);
    const sent = (async () => {
      for (const bytes of large) await write(from, Buffer.from(bytes));
    })();
    for (let i = 0, at: string = FIRST; i < 6; i++) {
      const next = addresses[i % 3]!;
      from.addLocalAddress(next).removeLocalAddress(at);
      await peerHas(to, [at = next]);
    }
    await sent;
    assert.ok((await received).every((message, i) => message.equals(large[i]!)));
  }));
  await close();
});

test("destroy() right after a change: the peer learns of the end, and nothing of either is left", async () => {
  const { client, peer, close } = await dynamicPair();
  const talk = Promise.all([once(client, "close"), once(peer, "error")]);
  client.write(Buffer.alloc(1_000_000));
  client.addLocalAddress(SECOND).removeLocalAddress(FIRST).destroy();
  const [, [error]] = await talk;
  assert.is(error.code, "ECONNRESET");
  await close();
});

test("what cannot be is refused, and nothing changes", async () => {
  const { client, close } = await dynamicPair();
  const last = thrownBy(() => client.removeLocalAddress(FIRST));
  assert.is(last.code, "ERR_SCTP_LAST_ADDRESS");
  assert.match(last.message, /127\.0\.0\.1 is the only address/);
  const unknown = thrownBy(() => client.removeLocalAddress(SECOND));
  assert.is(unknown.code, "ERR_SCTP_UNKNOWN_ADDRESS");
  assert.match(unknown.message, /127\.0\.0\.2 is not one of this end's addresses: there are 127\.0\.0\.1$/);
  for (
    const [address, code] of [
      [FIRST, "EADDRINUSE"],
      ["::ffff:127.0.0.1", "EADDRINUSE"],
      ["203.0.113.1", "EADDRNOTAVAIL"],
      ["::1", "EINVAL"],
      ["localhost", "ERR_INVALID_IP_ADDRESS"],
      ["", "ERR_INVALID_IP_ADDRESS"],
    ] as const
  ) assert.is(thrownBy(() => client.addLocalAddress(address)).code, code, address);
  assert.equal(client.localAddresses, [FIRST]);
  client.destroy();
  assert.is(client.addLocalAddress(SECOND), client); // as all settings
  await close();
});

test("once a SHUTDOWN has begun, which a peer that does not read holds up: the peer would not be told", async () => {
  const { client, peer, close } = await dynamicPair();
  client.addLocalAddress(SECOND);
  await peerHas(peer, [FIRST, SECOND]);
  peer.pause();
  for (let i = 0; i < 100; i++) client.write(Buffer.alloc(50_000)); // more than both stacks hold
  client.end();
  while (client.status().state === 4) {
    peer.read();
    await new Promise((resolve) => setImmediate(resolve));
  }
  for (
    const change of [
      () => client.addLocalAddress("127.0.0.3"),
      () => client.removeLocalAddress(FIRST),
      () => client.requestPrimaryPath(SECOND),
    ]
  ) {
    const { code, message } = thrownBy(change);
    assert.is(code, "ENOTCONN");
    assert.match(message, /is being shut down/);
  }
  assert.equal(client.localAddresses.sort(), [FIRST, SECOND]);
  await close();
});

test("before it is up, and after its end, there is no association to change", async () => {
  const server = await listening(dynamic);
  const client = connect({ ...endpointOf(server), ...dynamic });
  assert.is(thrownBy(() => client.addLocalAddress(SECOND)).code, "ENOTCONN");
  const [[peer]] = await Promise.all([once(server, "connection"), once(client, "connect")]) as [
    [Socket],
    unknown,
  ];
  let code: string | undefined;
  client.resume().on("end", () => code = thrownBy(() => client.addLocalAddress(SECOND)).code);
  peer.end();
  await once(client, "close");
  assert.is(code, "ENOTCONN");
  await closed(server);
});

test("an end that has not asked for it is named, and so is a peer that has not", async () => {
  const off = { sctp: { dynamicAddresses: false } };
  for (const [asking, silent] of [["client", "peer"], ["peer", "client"]] as const) {
    const pair = await connectedPair({
      client: asking === "client" ? dynamic : off,
      server: asking === "peer" ? dynamic : off,
    });
    const errors = [asking, silent].map((end) => thrownBy(() => pair[end].addLocalAddress(SECOND)));
    assert.equal(errors.map(({ code }) => code), ["ERR_SCTP_NOT_NEGOTIATED", "ERR_SCTP_NOT_NEGOTIATED"]);
    assert.equal(errors.map(({ feature }) => feature), ["dynamicAddresses", "dynamicAddresses"]);
    assert.equal(errors.map(({ end }) => end), ["peer", "local"]);
    assert.equal(pair[asking].localAddresses, [FIRST]);
    await pair.close();
  }
});

test("without the option it is as the stack has it", async () => {
  const { client, peer, close } = await connectedPair();
  if (stack === "kernel") {
    const error = thrownBy(() => client.addLocalAddress(SECOND));
    assert.equal([error.code, error.end], ["ERR_SCTP_NOT_NEGOTIATED", "local"]);
  } else {
    client.addLocalAddress(SECOND);
    await peerHas(peer, [FIRST, SECOND]);
  }
  await close();
});

test("an end that is bound to any address cannot change them, and the error says so", async () => {
  const server = createServer(dynamic).listen(0);
  await once(server, "listening");
  const client = connect({ port: server.address()!.port, host: FIRST, ...dynamic });
  const [[peer]] = await Promise.all([once(server, "connection"), once(client, "connect")]) as [
    [Socket],
    unknown,
  ];
  const error = thrownBy(() => peer.addLocalAddress("127.0.0.99")); // no other test has it
  assert.is(error.code, "EINVAL");
  assert.match(error.message, /bound to addresses by name \(host, localAddresses\)/);
  assert.equal(client.localAddresses, [FIRST]); // not any address: where it comes from
  client.destroy();
  peer.on("error", () => {});
  await closed(server);
});

test.run();
