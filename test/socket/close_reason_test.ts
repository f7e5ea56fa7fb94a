/** Why an association has ended: on the socket and on its error, at both ends, for each kind of end. */
import { Buffer } from "node:buffer";
import { once } from "node:events";
import { BlockList } from "node:net";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { type CloseReason, connect, type ConnectOptions, type Socket, type SystemError } from "netsctp";
import { freeUdpPort } from "../../tools/free_udp_port.ts";
import { blackHole, skip, stack } from "../helpers/capabilities.ts";
import { noPackets, openToPackets } from "../helpers/encapsulation.ts";
import { closed, connectedPair, endpointOf, listening } from "../helpers/pair.ts";
import { ABORT, ERROR, RawPeer } from "../helpers/raw_peer.ts";

/** What a socket said of its end, each time that it told of it. */
interface Ending {
  reasons: (CloseReason | undefined)[];
  error?: SystemError;
}

/** Waits for the end of a socket, and notes what it says of it at each event. */
function ending(socket: Socket): Promise<Ending> {
  const ending: Ending = { reasons: [] };
  const note = () => void ending.reasons.push(socket.closeReason);
  socket.on("error", (error) => {
    ending.error = error as SystemError;
    note();
  });
  socket.on("end", note);
  return new Promise((resolve) =>
    socket.on("close", () => {
      note();
      resolve(ending);
    })
  );
}

/** All events told the same reason, and so did the error; returns it without its cause's data. */
function checked({ reasons, error }: Ending): Omit<CloseReason, "causeData"> {
  const [first] = reasons;
  assert.ok(first);
  for (const reason of reasons) assert.is(reason, first);
  if (error?.closeReason !== undefined) assert.is(error.closeReason, first);
  const { causeData: _, ...rest } = first;
  return rest;
}

const SHUTDOWN = { reason: "shutdown" } as const;
const USERS_ABORT = {
  reason: "abort",
  by: "peer",
  causeCode: 12,
  causeName: "User-Initiated Abort",
} as const;

async function endedPair(end: (pair: { client: Socket; peer: Socket }) => void) {
  const { client, peer, close } = await connectedPair({ client: { maxMessageSize: 1000 } });
  assert.equal([client.closeReason, peer.closeReason], [undefined, undefined]);
  const endings = Promise.all([client, peer].map((socket) => ending(socket.resume())));
  end({ client, peer });
  const [here, there] = await endings as [Ending, Ending];
  await close();
  return { here, there, reasons: [checked(here), checked(there)] };
}

test("end()", async () => {
  const { reasons } = await endedPair(({ client }) => client.end("last words"));
  assert.equal(reasons, [{ ...SHUTDOWN, by: "local" }, { ...SHUTDOWN, by: "peer" }]);
});

test("end(), and destroy() while the SHUTDOWN goes on", async () => {
  const { reasons } = await endedPair(({ client }) => {
    client.end();
    client.once("finish", () => client.destroy());
  });
  assert.equal(reasons, [{ ...SHUTDOWN, by: "local" }, { ...SHUTDOWN, by: "peer" }]);
});

test("destroy(), destroy(error), resetAndDestroy() and abort()", async () => {
  const ends: ((client: Socket) => void)[] = [
    (client) => client.destroy(),
    (client) => client.destroy(new Error("enough")),
    (client) => client.resetAndDestroy(),
    (client) => client.abort(),
    (client) => client.abort(""),
  ];
  for (const end of ends) {
    const { here, there, reasons } = await endedPair(({ client }) => end(client));
    assert.equal(reasons, [{ reason: "abort", by: "local" }, USERS_ABORT]);
    assert.is(here.error?.closeReason, undefined); // it is the program's own
    const { code, closeReason, causeCode, causeName, causeData } = there.error!;
    assert.equal([code, causeCode, causeName], ["ECONNRESET", 12, "User-Initiated Abort"]);
    assert.is(causeData, closeReason!.causeData);
    assert.is(causeData!.length, 0);
  }
});

const SAYS_WHY = "abort(reason)";

if (stack === "kernel") {
  test(SAYS_WHY, async () => {
    const { client, peer, close } = await connectedPair();
    try {
      client.abort("bye");
      assert.unreachable("the kernel's stack cannot");
    } catch (error) {
      const { code, feature, sctpStack, message } = error as Error & Record<string, string>;
      assert.equal([code, feature, sctpStack], ["ERR_SCTP_UNSUPPORTED", "abort.reason", "kernel"]);
      assert.match(message, "abort without a reason");
    }
    client.write("unharmed");
    assert.is(String((await once(peer, "data"))[0]), "unharmed");
    await close();
  });
} else {
  test(SAYS_WHY, async () => {
    const bytes = Buffer.from([0, 1, 255]);
    const cases: [given: string | Uint8Array, told: Buffer, text: string][] = [
      ["bye", Buffer.from("bye"), 'read ECONNRESET: the peer aborted the association: "bye"'],
      ["ünïcode", Buffer.from("ünïcode"), 'read ECONNRESET: the peer aborted the association: "ünïcode"'],
      [bytes, bytes, "read ECONNRESET"],
      ["\x1b[31m", Buffer.from("\x1b[31m"), "read ECONNRESET"],
    ];
    for (const [given, told, text] of cases) {
      const { here, there, reasons } = await endedPair(({ client }) => {
        client.abort(given);
        if (typeof given !== "string") given.fill(7); // it was copied
      });
      bytes.set([0, 1, 255]);
      const { causeCode, causeName } = USERS_ABORT;
      assert.equal(reasons, [{ reason: "abort", by: "local", causeCode, causeName }, USERS_ABORT]);
      assert.is(here.error, undefined);
      assert.equal(here.reasons[0]!.causeData, told);
      assert.equal(there.error!.causeData, told);
      assert.is(there.error!.message, text);
    }
  });

  test("abort(reason) with a full window, after end(), and while connecting", async () => {
    const { here, there } = await endedPair(({ client, peer }) => {
      peer.pause();
      while (client.write(Buffer.alloc(50_000)));
      client.end();
      client.abort("too slow");
      peer.resume();
    });
    assert.is(String(here.reasons[0]!.causeData), "too slow");
    assert.is(String(there.error!.causeData), "too slow");

    const server = await listening();
    const client = connect(endpointOf(server)).abort("at once");
    const [peer] = await once(server, "connection") as [Socket];
    assert.is(String((await ending(peer)).error!.causeData), "at once");
    if (!client.closed) await once(client, "close");
    await closed(server);
  });
}

test("what abort() does not take", async () => {
  const { client, close } = await connectedPair();
  for (const wrong of [7, {}, true, ["bye"]]) {
    assert.throws(() => client.abort(wrong as unknown as string), { code: "ERR_INVALID_ARG_TYPE" } as never);
  }
  assert.throws(
    () => client.abort("x".repeat(1025)),
    (error: NodeJS.ErrnoException) => error.code === "ERR_OUT_OF_RANGE",
  );
  assert.is(client.destroyed, false);
  await close();
});

test("abort() after 'close' changes nothing", async () => {
  const { client, close } = await connectedPair();
  client.destroy();
  await once(client, "close");
  const { closeReason } = client;
  client.abort();
  assert.is(client.closeReason, closeReason);
  await close();
});

test("a message above maxMessageSize", async () => {
  const { here, reasons } = await endedPair(({ peer }) => peer.write(Buffer.alloc(1001)));
  assert.equal(reasons, [{ reason: "message-too-large", by: "local" }, USERS_ABORT]);
  assert.is(here.error!.code, "ERR_SCTP_MESSAGE_TOO_LARGE");
});

/** Where nobody listens, in a process that has its UDP port, while the other server is open. */
async function nobodysEndpoint() {
  const [other, server] = [await listening(), await listening()];
  const to = endpointOf(server);
  await closed(server);
  return { to, close: () => closed(other) };
}

test("what could not begin", async () => {
  const { to, close } = await nobodysEndpoint();
  const blockList = new BlockList();
  blockList.addAddress("127.0.0.1");
  const lookup: ConnectOptions["lookup"] = (_name, _options, callback) =>
    callback(Object.assign(new Error(), { code: "ENOTFOUND" }), "");
  const { host, port, udpPort } = blackHole;
  const cases: [options: ConnectOptions, code: string, reason: CloseReason][] = [
    [to, "ECONNREFUSED", { reason: "refused", by: "peer" }],
    [{ ...to, blockList }, "ERR_IP_BLOCKED", { reason: "blocked", by: "local" }],
    [{ ...to, host: "nowhere", lookup }, "ENOTFOUND", { reason: "unresolved", by: "local" }],
    [{ ...to, localAddress: "192.0.2.77" }, "EADDRNOTAVAIL", { reason: "failed", by: "local" }],
    [{ ...to, localAddress: "::1" }, "EINVAL", { reason: "failed", by: "local" }],
    [{ ...to, signal: AbortSignal.abort() }, "ABORT_ERR", { reason: "cancelled", by: "local" }],
  ];
  const silent = { host, port, connectTimeout: 50, ...(udpPort !== undefined && { udpPort }) };
  if (blackHole.reason) skip("nobody answers", blackHole.reason);
  else cases.push([silent, "ETIMEDOUT", { reason: "timeout", by: "network" }]);
  for (const [options, code, reason] of cases) {
    const end = await ending(connect(options));
    assert.is(end.error!.code, code);
    assert.equal(checked(end), reason);
    if (reason.reason !== "cancelled") assert.equal(end.error!.closeReason, reason, code);
  }
  await close();
});

test("of several addresses that have all failed, the first says why", async () => {
  const { to, close } = await nobodysEndpoint();
  const found = [{ address: "127.0.0.1", family: 4 }, { address: "127.0.0.2", family: 4 }];
  const end = await ending(
    connect({ ...to, host: "two", lookup: (_name, _options, callback) => callback(null, found) }),
  );
  assert.instance(end.error, AggregateError);
  assert.equal(checked(end), { reason: "refused", by: "peer" });
  assert.is(end.error!.closeReason, end.reasons[0]);
  await close();
});

test("destroy() while connecting", async () => {
  const server = await listening();
  server.on("connection", (peer) => peer.on("error", () => {}));
  const client = connect(endpointOf(server));
  const end = ending(client);
  client.destroy();
  assert.equal(checked(await end), { reason: "cancelled", by: "local" });
  await closed(server);
});

if (stack === "kernel") skip("nobody has the UDP port", "there is none");
else {
  test("nobody has the UDP port", async () => {
    const { to, close } = await nobodysEndpoint();
    const end = await ending(connect({ ...to, udpPort: await freeUdpPort() }));
    assert.equal(checked(end), { reason: "refused", by: "network" });
    await close();
  });
}

/** The end of a socket whose peer has no stack. */
async function rawEnd(act: (raw: RawPeer, socket: Socket) => void): Promise<Ending> {
  const udpPortOf = await openToPackets();
  const server = await listening({
    sctp: { rto: { initial: 100, min: 100, max: 100 }, retransmissions: { association: 2, path: 2 } },
  });
  const raw = await RawPeer.open(server.address()!.port, udpPortOf(server));
  const [[socket]] = await Promise.all([once(server, "connection"), raw.connect(1)]) as [[Socket], void];
  const end = ending(socket.resume());
  act(raw, socket);
  const result = await end;
  raw.close();
  await closed(server);
  return result;
}

if (noPackets) skip("peers without a stack", noPackets);
else {
  test("a peer that acknowledges nothing, not even heartbeats", async () => {
    const end = await rawEnd((_raw, socket) => void socket.write("is anybody there?"));
    assert.equal(checked(end), { reason: "timeout", by: "network" });
    assert.is(end.error!.code, "ETIMEDOUT");
  });

  test("the causes of an ABORT", async () => {
    const cause = (code: number, text: string) => {
      const head = Buffer.alloc(4);
      head.writeUInt16BE(code, 0);
      head.writeUInt16BE(4 + text.length, 2);
      return Buffer.concat([head, Buffer.from(text)]);
    };
    const known = await rawEnd((raw) => raw.send(ABORT, 0, cause(13, "no such chunk")));
    const { causeData, ...rest } = known.error!.closeReason!;
    assert.equal(rest, { reason: "abort", by: "peer", causeCode: 13, causeName: "Protocol Violation" });
    assert.is(String(causeData), "no such chunk");
    const unknown = await rawEnd((raw) => raw.send(ABORT, 0, cause(999, "")));
    assert.equal(checked(unknown), { reason: "abort", by: "peer", causeCode: 999 });
    const none = await rawEnd((raw) => raw.send(ABORT, 0));
    assert.equal(checked(none), { reason: "abort", by: "peer" });
    assert.is(none.error!.causeCode, undefined);
  });

  /** An error cause (RFC 9260 section 3.3.10), with its padding; its length may be wrong. */
  const causeOf = (code: number, data: Buffer | string, length = 4 + data.length) => {
    const bytes = Buffer.alloc((4 + data.length + 3) & ~3);
    bytes.writeUInt16BE(code, 0);
    bytes.writeUInt16BE(length, 2);
    bytes.set(Buffer.from(data as string), 4);
    return bytes;
  };

  test("of several causes the first counts, however many and long they are", async () => {
    const cases: [causes: Buffer[], code: number | undefined, data: string][] = [
      [[causeOf(12, "first"), causeOf(13, "second")], 12, "first"],
      [[causeOf(13, ""), causeOf(12, "x"), causeOf(1, "abcd")], 13, ""],
      [Array.from({ length: 10_000 }, () => causeOf(99, "")), 99, ""],
      [[causeOf(12, "a".repeat(60_000))], 12, "a".repeat(stack === "kernel" ? 1024 : 504)],
      [[causeOf(65535, "last")], 65535, "last"],
      [[causeOf(0, "nobody's"), causeOf(13, "second")], undefined, ""],
    ];
    for (const [causes, code, data] of cases) {
      const end = await rawEnd((raw) => raw.send(ABORT, 0, ...causes));
      assert.equal([checked(end).reason, end.error!.causeCode], ["abort", code]);
      assert.is(String(end.error!.causeData ?? ""), data);
    }
  });

  test("an ABORT whose causes have wrong lengths is none", async () => {
    const broken = [
      causeOf(13, "abcd", 4000),
      causeOf(13, "abcd", 3),
      causeOf(13, "abcd", 0),
      causeOf(13, "abcd", 4),
      Buffer.from([0, 13]),
      Buffer.from([7]),
    ];
    const end = await rawEnd((raw) => {
      for (const causes of broken) raw.send(ABORT, 0, causes);
      raw.send(ABORT, 0, causeOf(12, "whole"));
    });
    assert.is(String(end.error!.causeData), "whole");
  });

  test("an ERROR is a notification with the first cause, and the association goes on", async () => {
    const causes: number[] = [];
    const end = await rawEnd((raw, socket) => {
      socket.on("notification", ({ parsed }) => {
        if (parsed.type === "remote-error") causes.push(parsed.error);
        else if (parsed.type !== "association-change") return;
        if (causes.length === 1) raw.send(ABORT, 0);
      });
      raw.send(ERROR, 0, causeOf(12, "abcde"), causeOf(13, "second"));
    });
    assert.is(causes[0], 12);
    assert.equal(checked(end), { reason: "abort", by: "peer" });
  });
}

test.run();
