/** What a message is sent with is what its peer gets: on the wire, by send(), by a Buffer, by a socket's defaults. */
import { Buffer } from "node:buffer";
import { once } from "node:events";
import { PassThrough } from "node:stream";
import { pipeline } from "node:stream/promises";
import { inspect } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, createServer, type Message, PPID, type SendOptions, type Socket } from "netsctp";
import { skip, stack } from "../helpers/capabilities.ts";
import { noPackets, openToPackets } from "../helpers/encapsulation.ts";
import { receive } from "../helpers/messages.ts";
import { closed, connectedPair, endpointOf, listening } from "../helpers/pair.ts";
import { ABORT, DATA, RawPeer } from "../helpers/raw_peer.ts";

const UNORDERED = 4, SACK_IMMEDIATELY = 8; // of a DATA chunk: RFC 9260 section 3.3.1
const other = stack === "userspace" ? "kernel" : "userspace";

type Got = [text: string, stream: number, ppid: number, unordered: boolean];
const seen = (message: Message): Got => [
  String(message),
  message.stream,
  message.ppid,
  message.unordered,
];

type Thrown = Error & { code?: string; feature?: string; sctpStack?: string };

/** What a call throws. */
function thrown(call: () => unknown): Thrown | undefined {
  try {
    call();
  } catch (error) {
    return error as Thrown;
  }
  return undefined;
}

const codeOf = (call: () => unknown) => thrown(call)?.code;

/** What became of one message: the code of its error. */
function sent(socket: Socket, data: string, options?: SendOptions): Promise<string | undefined> {
  return new Promise((resolve) =>
    socket.send(data, options, (error) => resolve((error as NodeJS.ErrnoException | null)?.code))
  );
}

if (noPackets) skip("what a message is sent with is on the wire", noPackets);
else {
  test("what a message is sent with is on the wire: flags, stream, and the identifier in network order", async () => {
    const udpPortOf = await openToPackets();
    const server = await listening();
    const raw = await RawPeer.open(server.address()!.port, udpPortOf(server));
    const [[socket]] = await Promise.all([once(server, "connection"), raw.connect(1)]) as [[Socket], void];
    const gone = new Promise((resolve) => socket.on("error", () => {}).on("close", resolve));
    const cases: Array<[SendOptions, flags: number]> = [
      [{ stream: 3, ppid: PPID.NGAP }, 0],
      [{ stream: 2, ppid: 0xfffffffe, unordered: true }, UNORDERED],
      [{ stream: 1, sackImmediately: true }, SACK_IMMEDIATELY],
      [{ unordered: true, sackImmediately: true, ppid: 1 }, UNORDERED | SACK_IMMEDIATELY],
    ];
    for (const [options, flags] of cases) {
      socket.send("wire", options);
      const chunk = await raw.next(DATA);
      assert.equal([chunk.body.readUInt16BE(4), chunk.body.readUInt32BE(8)], [
        options.stream ?? 0,
        options.ppid ?? 0,
      ]);
      // Where nothing is to follow, the stack may ask for the acknowledgement by itself (RFC 7053 section 4.2).
      const told = flags & SACK_IMMEDIATELY ? chunk.flags : chunk.flags & ~SACK_IMMEDIATELY;
      assert.is(told & (UNORDERED | SACK_IMMEDIATELY), flags);
    }
    raw.send(ABORT, 0);
    await gone;
    raw.close();
    await closed(server);
  });
}

test("send() and properties of a Buffer are the same; what is given with the message counts first", async () => {
  const { client, peer, close } = await connectedPair();
  const received = receive(peer, 6);
  const options = { stream: 3, ppid: PPID.NGAP };
  client.send("options", options);
  client.write(Object.assign(Buffer.from("properties"), options));
  client.send(Object.assign(Buffer.from("both"), { stream: 3, ppid: 1 }), { ppid: 2 });
  client.send(Buffer.from("nothing"));
  client.send(new Uint8Array(Buffer.from("bytes")), { sid: 3 });
  client.send("unordered", { unordered: true, stream: 4 });
  const got = (await received).map(seen).sort();
  assert.equal(got, [
    ["both", 3, 2, false],
    ["bytes", 3, 0, false],
    ["nothing", 0, 0, false],
    ["options", 3, 60, false],
    ["properties", 3, 60, false],
    ["unordered", 4, 0, true],
  ]);
  await close();
});

test("options are read when send() is called, also while it connects", async () => {
  const server = await listening();
  const accepted = once(server, "connection");
  const client = connect(endpointOf(server));
  const options: SendOptions = { stream: 1, ppid: 11, context: 3 };
  client.send("first", options);
  Object.assign(options, { stream: 2, ppid: 22 });
  client.send("second", options);
  const [peer] = await accepted as [Socket];
  assert.equal((await receive(peer, 2)).map(seen).sort(), [["first", 1, 11, false], [
    "second",
    2,
    22,
    false,
  ]]);
  client.destroy();
  peer.on("error", () => {});
  await closed(server);
});

test("a message that is sent back, or given as options, keeps its stream, identifier and order", async () => {
  const { client, peer, close } = await connectedPair();
  peer.on("data", (message) => {
    peer.write(message);
    peer.send("an answer", message);
  });
  const answers = receive(client, 2);
  client.send("there", { stream: 5, ppid: PPID.M3UA, unordered: true });
  assert.equal((await answers).map(seen).sort(), [["an answer", 5, 3, true], ["there", 5, 3, true]]);
  await close();
});

test("the callback comes once the stack has the message; it may stand in the place of the options", async () => {
  const { client, peer, close } = await connectedPair();
  peer.resume();
  assert.is(await sent(client, "x", { stream: 1, maxRetransmits: 2 }), undefined);
  await new Promise<void>((resolve, reject) =>
    client.send("x", (error) => error ? reject(error) : resolve())
  );
  assert.is(await sent(client, "x", { stream: 65534 }), "EINVAL");
  assert.is(client.send("true while there is room"), true);
  assert.is(client.send(Buffer.alloc(100_000)), false);
  await close();
});

test("what cannot be throws at the call, and leaves later messages alone", async () => {
  const { client, peer, close } = await connectedPair();
  const received = receive(peer, 1);
  const wrong: Array<[unknown, string]> = [
    [{ strem: 1 }, "ERR_INVALID_ARG_VALUE"],
    [{ stream: 65535 }, "ERR_OUT_OF_RANGE"],
    [{ ppid: "60" }, "ERR_INVALID_ARG_TYPE"],
    [{ stream: 1, sid: 2 }, "ERR_INCOMPATIBLE_OPTION_PAIR"],
    [{ timeToLive: 5, maxRetransmits: 5 }, "ERR_INCOMPATIBLE_OPTION_PAIR"],
    [{ destination: "here" }, "ERR_INVALID_IP_ADDRESS"],
    [{ destination: "192.0.2.77" }, "ERR_SCTP_UNKNOWN_ADDRESS"],
    [5, "ERR_INVALID_ARG_TYPE"],
  ];
  for (const [options, code] of wrong) {
    assert.is(codeOf(() => client.send("x", options as SendOptions)), code, inspect(options));
    if (Object(options) !== options) continue;
    if (code === "ERR_INVALID_ARG_VALUE") continue; // a Buffer may have any other properties
    const buffer = Object.assign(Buffer.from("x"), options);
    assert.is(codeOf(() => client.write(buffer)), code, inspect(options));
  }
  assert.is(codeOf(() => client.send(5 as unknown as string)), "ERR_INVALID_ARG_TYPE");
  assert.is(codeOf(() => client.send("x", {}, 5 as unknown as () => void)), "ERR_INVALID_ARG_TYPE");
  client.send("right", { stream: 2, ppid: 3 });
  assert.equal(seen((await received)[0]!), ["right", 2, 3, false]);
  await close();
});

test("an address that is not the peer's: the text says which there are; its own is taken in any spelling", async () => {
  const { client, peer, close } = await connectedPair({ host: "::1" });
  const received = receive(peer, 1);
  let message = "";
  try {
    client.send("x", { destination: "::2" });
  } catch (error) {
    ({ message } = error as Error);
  }
  assert.match(message, /::2 is not one of the peer's addresses: there are ::1$/);
  client.send("there", { destination: "0:0:0:0:0:0:0:1" });
  assert.is(String((await received)[0]), "there");
  await close();
});

test("one that turns out not to be the peer's when it is up fails that message alone", async () => {
  const server = await listening();
  const accepted = once(server, "connection");
  const client = connect(endpointOf(server));
  const fate = sent(client, "lost", { destination: "192.0.2.77" });
  client.send("goes on");
  const [peer] = await accepted as [Socket];
  assert.is(String((await receive(peer, 1))[0]), "goes on");
  assert.is(await fate, "ERR_SCTP_UNKNOWN_ADDRESS");
  client.destroy();
  peer.on("error", () => {});
  await closed(server);
});

if (stack === "userspace") {
  skip("a key where nothing is signed", "this stack signs no single message with another key");
} else {
  test("a key where nothing is signed is refused, and the error says which end has not asked", async () => {
    const { client, close } = await connectedPair();
    const error = thrown(() => client.send("x", { key: 1 }));
    assert.is(error?.code, "ERR_SCTP_NOT_NEGOTIATED");
    assert.match(error!.message, "this end has not asked for sctp.auth");
    await close();
  });
}

if (stack === "kernel") skip("what the userspace stack cannot is refused", "the kernel's stack can");
else {
  test("what the userspace stack cannot is refused at the call, at connect() and at listen()", async () => {
    const { client, server, close } = await connectedPair();
    for (const options of [{ priority: 1 }, { key: 1 }]) {
      const feature = `send.${Object.keys(options)[0]}`;
      for (const refused of [() => client.send("x", options), () => client.configure({ send: options })]) {
        const error = thrown(refused);
        assert.equal([error?.code, error?.feature, error?.sctpStack], [
          "ERR_SCTP_UNSUPPORTED",
          feature,
          stack,
        ]);
        assert.match(error!.message, `use the ${other}'s stack`);
      }
      const sctp = { send: options };
      const open = [() => connect({ ...endpointOf(server), sctp }), () => createServer({ sctp }).listen(0)];
      for (const failing of open) {
        const error = await new Promise<Thrown>((resolve) => (failing() as Socket).on("error", resolve));
        assert.equal([error.code, error.feature], ["ERR_SCTP_UNSUPPORTED", feature]);
      }
    }
    await close();
  });
}

test("a program that only calls write() gets its identifier and stream by sctp.send, at either end", async () => {
  const send = { ppid: PPID.DIAMETER, stream: 2 };
  const { client, peer, close } = await connectedPair({
    client: { sctp: { send } },
    server: { sctp: { send } },
  });
  const received = receive(peer, 4);
  const library = new PassThrough();
  const piped = pipeline(library, client, { end: false });
  library.write("piped");
  await once(peer, "readable");
  library.end();
  await piped;
  client.write("written");
  client.write(Object.assign(Buffer.from("own"), { ppid: 7 }));
  client.send("given", { stream: 0 });
  assert.equal((await received).map(seen).sort(), [
    ["given", 0, 46, false],
    ["own", 2, 7, false],
    ["piped", 2, 46, false],
    ["written", 2, 46, false],
  ]);
  const answer = receive(client, 1);
  peer.write("back");
  assert.equal(seen((await answer)[0]!), ["back", 2, 46, false]);
  await close();
});

test("configure({ send }) changes the defaults of what follows", async () => {
  const { client, peer, close } = await connectedPair({ client: { sctp: { send: { ppid: 1, stream: 1 } } } });
  const received = receive(peer, 2);
  client.write("before");
  client.configure({ send: { ppid: 2 } });
  client.write("after");
  assert.equal((await received).map(seen).sort(), [["after", 0, 2, false], ["before", 1, 1, false]]);
  await close();
});

test.run();
