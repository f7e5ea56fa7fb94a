/** `sctp` reaches the association at either end, can be changed while it is up, and is read back; what a stack lacks is
 * refused. Its effects on packets are in test/hosts. */
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  connect,
  createServer,
  type Notification,
  type SctpOptions,
  type Server,
  type Socket,
} from "netsctp";
import { stack } from "../helpers/capabilities.ts";
import { closed, connectedPair, endpointOf, listening } from "../helpers/pair.ts";

const isKernel = stack === "kernel";

/** All that can be given, but for a preset. */
const WHOLE: SctpOptions = {
  init: { attempts: 3, timeout: 4000 },
  streams: { outbound: 7, inbound: 9 },
  rto: { initial: 500, min: 200, max: 3000 },
  retransmissions: {
    association: 8,
    path: 4,
    potentiallyFailed: 1,
    ...(isKernel && { primarySwitchover: 5 }),
  },
  heartbeat: 7000,
  sack: { delay: 60, freq: 3 },
  cookieLife: 20_000,
  maxBurst: 6,
  maxSegment: 700,
  pathMtu: 1300,
  dscp: 46,
  ...(isKernel && { flowLabel: 0xabcde, ecn: false }),
  partialReliability: false,
  adaptation: 0xfedcba98,
};

/** What can be changed, and to what. */
const CHANGES: SctpOptions = {
  rto: { initial: 600, min: 400, max: 5000 },
  retransmissions: {
    association: 9,
    path: 5,
    potentiallyFailed: 2,
    ...(isKernel && { primarySwitchover: 6 }),
  },
  heartbeat: 8000,
  sack: { delay: 80, freq: 2 },
  cookieLife: 30_000,
  maxBurst: 5,
  maxSegment: 900,
  pathMtu: 1400,
  dscp: 10,
  ...(isKernel && { flowLabel: 0x12345 }),
};

const NOBODYS = 1;
const LACKING = isKernel ? {} : { flowLabel: undefined, ecn: undefined };

function expected(options: SctpOptions, end: "client" | "server"): SctpOptions {
  const { retransmissions } = options;
  return {
    ...options,
    ...LACKING,
    dynamicAddresses: !isKernel, // which usrsctp offers unasked
    ...(isKernel && { ecn: false }),
    // As negotiated: this end asks, and the other one allows.
    streams: { outbound: 7, inbound: 7 },
    retransmissions: { ...retransmissions, primarySwitchover: retransmissions!.primarySwitchover },
    // usrsctp does not hand down what an association is begun with.
    ...(end === "server" && !isKernel && { adaptation: 0, init: { attempts: 8, timeout: 60_000 } }),
  };
}

test("all options, at both ends: as given, and as changed later", async () => {
  const pair = await connectedPair({ host: "::1", server: { sctp: WHOLE }, client: { sctp: WHOLE } });
  assert.equal(pair.client.configuration(), expected(WHOLE, "client"));
  assert.equal(pair.peer.configuration(), expected(WHOLE, "server"));
  for (const end of [pair.client, pair.peer]) assert.is(end.configure(CHANGES), end);
  const changed = { ...WHOLE, ...CHANGES };
  assert.equal(pair.client.configuration(), expected(changed, "client"));
  assert.equal(pair.peer.configuration(), expected(changed, "server"));
  assert.is(pair.client.status().fragmentationPoint, 900);
  assert.is(pair.client.peerInfoByAddress["::1"]!.mtu, 1400);
  assert.is(pair.client.configure({ heartbeat: false }).configuration().heartbeat, false);
  assert.is(pair.client.configure({ heartbeat: 9000 }).configuration().heartbeat, 9000);
  await pair.close();
});

/** Whether the kernel leaves room for UDP's head in every packet: another test of this guest may have had it do so. */
const hasUdpPort = () => readFileSync("/proc/sys/net/sctp/udp_port", "utf8").trim() !== "0";

test("IPv4 to a server of both: a path MTU is the whole packet as well", async () => {
  const server = await listening({ sctp: { pathMtu: 1300 } }, "::");
  const client = connect({ port: server.address()!.port, host: "127.0.0.1", sctp: { pathMtu: 1000 } });
  const [[peer]] = await Promise.all([once(server, "connection"), once(client, "connect")]) as [
    [Socket],
    unknown,
  ];
  assert.is(client.peerInfoByAddress["127.0.0.1"]!.mtu, 1000);
  assert.is(peer.peerInfoByAddress["127.0.0.1"]!.mtu, 1300);
  for (const bytes of [900, 1200]) {
    client.configure({ pathMtu: bytes });
    assert.is(client.peerInfoByAddress["127.0.0.1"]!.mtu, bytes);
    assert.is(client.configuration().pathMtu, bytes);
    // IP, UDP where there is one, SCTP and the DATA chunk's head; chunks are multiples of four.
    const heads = 20 + (isKernel && !hasUdpPort() ? 0 : 8) + 12 + 16;
    assert.is(client.status().fragmentationPoint, (bytes - heads) & ~3);
  }
  for (const one of [client, peer]) one.on("error", () => {}).destroy();
  await closed(server);
});

test("an interval of probes in place of a path MTU", async () => {
  const pair = await connectedPair();
  if (isKernel) {
    pair.client.configure({ pathMtu: { probeInterval: 6000 } });
    assert.equal(pair.client.configuration().pathMtu, { probeInterval: 6000 });
  } else {
    assert.throws(() => pair.client.configure({ pathMtu: { probeInterval: 6000 } }), isUnsupported());
  }
  await pair.close();
});

test("the listener's adaptation is told to the client, and the client's to the listener", async () => {
  const told = (socket: Socket) =>
    new Promise<number>((resolve) =>
      socket.on("notification", ({ parsed }: Notification) => {
        if (parsed.type === "adaptation") resolve(parsed.indication);
      })
    );
  const server = await listening({ sctp: { adaptation: 7 } });
  const ofClient = once(server, "connection").then(([peer]) => told(peer.on("error", () => {})));
  const client = connect({ ...endpointOf(server), sctp: { adaptation: 0xfffffff8 } });
  const ofServer = told(client);
  assert.is(await ofServer, 7);
  assert.is(await ofClient, 0xfffffff8);
  client.destroy();
  await closed(server);
});

// ------------------------------------------------------------------ the association's limit follows from the path's

const BOTH = ["127.0.0.1", "127.0.0.2"];

async function ends(serverOptions: SctpOptions, clientOptions: SctpOptions, addresses: string[]) {
  const server = createServer({ sctp: serverOptions }).listen({ localAddresses: addresses });
  await once(server, "listening");
  const client = connect({
    port: server.address()!.port,
    remoteAddresses: addresses,
    localAddresses: addresses,
    sctp: clientOptions,
  });
  const [[peer]] = await Promise.all([once(server, "connection"), once(client, "connect")]) as [
    [Socket],
    unknown,
  ];
  return { server, client, peer };
}

async function end(server: Server, ...sockets: Socket[]): Promise<void> {
  for (const socket of sockets) socket.on("error", () => {}).destroy();
  await closed(server);
}

test("retransmissions.path alone: the association has as many on each of the peer's addresses", async () => {
  const path = { retransmissions: { path: 3 } };
  const one = await ends(path, path, BOTH.slice(0, 1));
  const two = await ends(path, path, BOTH);
  for (const [socket, limit] of [[one.client, 3], [one.peer, 3], [two.client, 6], [two.peer, 6]] as const) {
    assert.is(socket.configuration().retransmissions!.association, limit);
  }
  two.peer.configure({ retransmissions: { path: 4 } });
  assert.is(two.peer.configuration().retransmissions!.association, 8);
  two.client.configure({ retransmissions: { association: 5 } }).configure({ retransmissions: { path: 2 } });
  assert.is(two.client.configuration().retransmissions!.association, 5);
  await end(one.server, one.client, one.peer);
  await end(two.server, two.client, two.peer);
});

test("a small retransmissions.path does not let one path that fails take the association with it", async () => {
  const path = { retransmissions: { path: 2 } };
  for (const addresses of [BOTH.slice(0, 1), BOTH]) {
    const { server, client, peer } = await ends(path, path, addresses);
    for (const socket of [client, peer]) assert.is(socket.configuration().retransmissions!.association, 10);
    await end(server, client, peer);
  }
});

test("retransmissions.association that was given stays", async () => {
  const both = { retransmissions: { path: 3, association: 4 } };
  const { server, client, peer } = await ends(both, both, BOTH);
  for (const socket of [client, peer]) {
    assert.is(socket.configuration().retransmissions!.association, 4);
  }
  await end(server, client, peer);
});

// ------------------------------------------------------------------ presets

test("a preset reaches both ends; what is given beside it wins", async () => {
  const sctp: SctpOptions = { preset: "lan-signalling", rto: { max: 800 }, sack: { freq: 1 } };
  const pair = await connectedPair({
    server: { sctp: { preset: "diameter" } },
    client: { sctp, OS: 4, keepAlive: true, keepAliveInitialDelay: 2000 },
  });
  const client = pair.client.configuration();
  assert.equal(client.rto, { initial: 300, min: 100, max: 800 });
  assert.equal([client.heartbeat, client.streams!.outbound, client.init!.attempts], [2000, 4, 4]);
  const peer = pair.peer.configuration();
  assert.equal(peer.rto, { initial: 3000, min: 1000, max: 5000 });
  assert.equal(
    [peer.heartbeat, peer.retransmissions!.association],
    [6000, 4 * pair.peer.remoteAddresses.length],
  );
  await pair.close();
});

// ------------------------------------------------------------------ what cannot be

function isUnsupported(feature?: string) {
  return (error: Error & { code?: string; feature?: string; sctpStack?: string }) => {
    assert.is(error.code, "ERR_SCTP_UNSUPPORTED", error.message);
    if (feature) assert.is(error.feature, feature);
    assert.is(error.sctpStack, stack);
    return true;
  };
}

if (!isKernel) {
  for (
    const [feature, sctp] of [["sctp.ecn", { ecn: true }], ["sctp.flowLabel", { flowLabel: 5 }]] as const
  ) {
    test(`${feature}, which the kernel's stack alone has: ERR_SCTP_UNSUPPORTED, and which has it`, async () => {
      const server = createServer({ sctp }).listen({ port: 0, host: "127.0.0.1" });
      const [refused] = await once(server, "error");
      assert.ok(isUnsupported(feature)(refused));
      assert.match(
        refused.message,
        `only the kernel's stack has it: leave ${feature} out, or use that stack`,
      );
      const client = connect({ port: NOBODYS, host: "localhost", sctp });
      const [error] = await once(client, "error");
      assert.ok(isUnsupported(feature)(error));
    });
  }
  test("configure() throws it", async () => {
    const pair = await connectedPair();
    assert.throws(() => pair.client.configure({ flowLabel: 5 }), isUnsupported("sctp.flowLabel"));
    await pair.close();
  });
}

test("a maxSegment that leaves no room for a byte beside an AUTH chunk is refused", async () => {
  const pair = await connectedPair();
  for (const maxSegment of [1, 43]) {
    assert.throws(
      () => pair.client.configure({ maxSegment }),
      ({ code, message }: NodeJS.ErrnoException) =>
        code === "EINVAL" && message.includes(`sctp.maxSegment ${maxSegment}`),
    );
  }
  await pair.close();
});

test("configure() changes nothing where one of the options is refused", async () => {
  const { client, peer, close } = await connectedPair();
  const [address] = client.remoteAddresses;
  client.configurePath(address!, { heartbeat: 7000 });
  const before = client.configuration();
  const good: SctpOptions = {
    rto: { min: 500 },
    cookieLife: 5000,
    heartbeat: 9000,
    dscp: 5,
    send: { ppid: 7 },
  };
  const wrong: SctpOptions[] = [
    { ...good, maxSegment: 1 },
    { ...good, rto: { initial: 70_000 } },
    ...(isKernel ? [{ ...good, retransmissions: { potentiallyFailed: 5, primarySwitchover: 2 } }] : []),
  ];
  for (const options of wrong) {
    assert.throws(() => client.configure(options), ({ code }: NodeJS.ErrnoException) => code === "EINVAL");
    assert.equal(client.configuration(), before);
    assert.is(client.paths()[0]!.heartbeat, 7000);
  }
  client.write("plain");
  assert.is((await once(peer, "data"))[0].ppid, 0);
  await close();
});

test("configure() throws for what comes too late; configuration() where there is nothing to read", async () => {
  const pair = await connectedPair();
  for (
    const [name, sctp] of [
      ["sctp.adaptation", { adaptation: 5 }],
      ["sctp.preset", { preset: "ngap" }],
      ["sctp.streams.outbound", { streams: { outbound: 3 } }],
    ] as [string, SctpOptions][]
  ) {
    assert.throws(
      () => pair.client.configure(sctp),
      ({ code, message }: NodeJS.ErrnoException) =>
        code === "ERR_SCTP_TOO_LATE" && message.startsWith(`${name} is what`),
    );
  }
  const connecting = connect({ ...endpointOf(pair.server) });
  assert.throws(() => connecting.configuration(), ({ code }: NodeJS.ErrnoException) => code === "ENOTCONN");
  connecting.destroy();
  assert.throws(
    () => connecting.configuration(),
    ({ code }: NodeJS.ErrnoException) => code === "ERR_SCTP_DESTROYED",
  );
  await pair.close();
});

test.run();
