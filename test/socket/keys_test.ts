/** Signed chunks (sctp.auth): with which keys the ends talk, and how keys are changed while they do. */
import { once } from "node:events";
import { inspect } from "node:util";
import { test } from "uvu";
import * as assert from "uvu/assert";
import {
  type AuthOptions,
  connect,
  createServer,
  type Message,
  type Notification,
  type Socket,
  supports,
  type UnsupportedError,
} from "netsctp";
import { stack } from "../helpers/capabilities.ts";
import { watch } from "../helpers/events.ts";
import { message, write } from "../helpers/messages.ts";
import { closed, connectedPair, endpointOf, listening } from "../helpers/pair.ts";
import { checkPlan, sendPlan, STREAMS } from "../helpers/plan.ts";
import { thrownBy } from "../helpers/thrown.ts";

const PORT = 5001; // where nobody answers
const SECRET = Buffer.from("as both know");
const FRESH = Buffer.from("another");
const streams = { OS: STREAMS, MIS: STREAMS };

const signed = (auth: AuthOptions) => ({ ...streams, sctp: { auth } });

async function exchange(a: Socket, b: Socket): Promise<void> {
  await Promise.all([checkPlan(a, 1), checkPlan(b, 2), sendPlan(b, 1), sendPlan(a, 2)]);
}

/** The key that the stack says is free. Several notifications may come at once, of which once() would give the first. */
function freed(socket: Socket): Promise<number> {
  return new Promise((resolve) => {
    const look = ({ parsed }: Notification) => {
      if (parsed.type !== "authentication" || parsed.change !== "free-key") return;
      socket.off("notification", look);
      resolve(parsed.keyNumber);
    };
    socket.on("notification", look);
  });
}

test("keys are changed while messages are on their way, none is lost", async () => {
  const options = signed({ keys: { 1: SECRET } });
  const { client, peer, close } = await connectedPair({ server: options, client: options });
  await exchange(client, peer);
  const talk = exchange(client, peer);
  for (const end of [client, peer]) end.setKey(2, FRESH);
  for (const end of [client, peer]) end.activateKey(2);
  await talk;
  const free = [freed(client), freed(peer)];
  for (const end of [client, peer]) end.deleteKey(1);
  assert.equal(await Promise.all(free), [1, 1]);
  await exchange(client, peer);
  assert.is(thrownBy(() => client.activateKey(1)).code, "EINVAL"); // it is gone
  await close();
});

/** Sends on all streams until it is told to stop, and returns how many messages that were on each. */
async function sendOn(socket: Socket, signal: AbortSignal): Promise<number[]> {
  const sent = new Array<number>(STREAMS).fill(0);
  while (!signal.aborted) {
    for (let sid = 0; sid < STREAMS; sid++) await write(socket, message(String(sent[sid]!++), sid));
  }
  return sent;
}

/** Counts what comes, which has to be in order. "activated" on each stream settles a promise. */
class Receiver {
  readonly received = new Array<number>(STREAMS).fill(0);
  #activated = 0;
  #onActivated = () => {};

  constructor(socket: Socket) {
    socket.on("data", (got: Message) => {
      if (got.ppid !== ACTIVATED) assert.is(got.toString(), String(this.received[got.sid]!++));
      else if (++this.#activated === STREAMS) this.#onActivated();
    });
  }

  peerActivates(): Promise<void> {
    this.#activated = 0;
    return new Promise((resolve) => this.#onActivated = resolve);
  }
}

const ACTIVATED = 1;

test("keys are changed again and again while both ends send, and nothing is lost", async () => {
  // What is in the buffers has to arrive before each key is deleted.
  const options = { ...signed({ keys: { 1: SECRET } }), sendBufferSize: 8192, highWaterMark: 8192 };
  const { client, peer, close } = await connectedPair({ server: options, client: options });
  const ends = [client, peer].map((end) => end.setMaxListeners(0)); // one for each time that it was full
  const receivers = ends.map((end) => new Receiver(end));
  const stop = new AbortController();
  const sending = Promise.all(ends.map((end) => sendOn(end, stop.signal)));
  for (let old = 1; old <= 3; old++) {
    for (const end of ends) end.setKey(old + 1, Buffer.from(`key ${old + 1}`));
    const activated = receivers.map((receiver) => receiver.peerActivates());
    for (const end of ends) {
      end.activateKey(old + 1);
      for (let sid = 0; sid < STREAMS; sid++) end.write(message("activated", sid, ACTIVATED));
    }
    await Promise.all(activated);
    const free = ends.map(freed);
    for (const end of ends) end.deleteKey(old);
    assert.equal(await Promise.all(free), [old, old]);
  }
  stop.abort();
  const [byClient, byPeer] = await sending;
  const all = [byPeer, byClient];
  for (const [i, end] of ends.entries()) {
    while (receivers[i]!.received.join() !== all[i]!.join()) await once(end, "data");
  }
  await close();
});

test("a key that is deleted while the peer signs with it: what it signs is lost, and the stall's text says why", async () => {
  const options = { ...streams, sctp: { stallTimeout: 400, auth: { keys: { 1: SECRET } } } };
  const { client, peer, close } = await connectedPair({ server: options, client: options });
  await exchange(client, peer);
  const life = watch(peer.on("error", () => {}));
  for (const end of [client, peer]) end.setKey(2, FRESH);
  const free = freed(peer.activateKey(2));
  peer.deleteKey(1);
  await free;
  client.write("signed with the old one");
  const [error] = await once(client, "error") as [NodeJS.ErrnoException];
  assert.is(error.code, "ERR_SCTP_STALLED");
  assert.match(error.message, /as where the peer has deleted the key that it was signed with \(deleteKey\)/);
  assert.equal(life.messages, []);
  await close();
});

test("a key that is set while connecting is the association's", async () => {
  const server = await listening(signed({ keys: { 1: SECRET, 2: FRESH }, active: 2 }));
  const client = connect({ ...endpointOf(server), ...signed({ keys: { 1: SECRET } }) });
  client.setKey(2, FRESH).activateKey(2);
  const [[peer]] = await Promise.all([once(server, "connection"), once(client, "connect")]) as [
    [Socket],
    unknown,
  ];
  await exchange(client, peer);
  client.destroy();
  peer.on("error", () => {});
  await closed(server);
});

test("chunks and HMACs of an end's choice", async () => {
  const server = signed({
    keys: { 65535: SECRET },
    chunks: ["data", "sack", "heartbeat", 5],
    hmacs: ["sha1"],
  });
  const client = signed({ keys: { 65535: SECRET }, chunks: [], hmacs: ["sha1", "sha256"] });
  const { client: one, peer: other, close } = await connectedPair({ server, client });
  await exchange(one, other);
  await close();
});

/** A client that signs with SECRET and soon gives up, and a server with a key of its own. */
async function impatientPair(key: Buffer) {
  const impatient = { rto: { initial: 1000, min: 10, max: 1000 }, retransmissions: { association: 2 } };
  const server = await listening(signed({ keys: { 1: key } }));
  const client = connect({
    ...endpointOf(server),
    ...streams,
    sctp: { ...impatient, auth: { keys: { 1: SECRET } } },
  });
  const [[peer]] = await Promise.all([once(server, "connection"), once(client, "connect")]) as [
    [Socket],
    unknown,
  ];
  peer.on("error", () => {});
  return { server, client, peer };
}

test("another key: nothing arrives, and the time-out says what may be behind it", async () => {
  const { server, client, peer } = await impatientPair(FRESH);
  const life = watch(peer);
  client.write("signed");
  const [error] = await once(client, "error") as [NodeJS.ErrnoException];
  assert.is(error.code, "ETIMEDOUT");
  assert.match(error.message, /the keys of the two ends differ \(sctp\.auth\.keys\)/);
  assert.equal(life.messages, []);
  peer.destroy();
  await closed(server);
});

test("another key: a peer that is given up for its stall has the same text", async () => {
  const auth = (key: Buffer) => ({ auth: { keys: { 1: key } } });
  const server = await listening({ ...streams, sctp: auth(FRESH) });
  const client = connect({ ...endpointOf(server), ...streams, sctp: { ...auth(SECRET), stallTimeout: 200 } });
  const [[peer]] = await Promise.all([once(server, "connection"), once(client, "connect")]) as [
    [Socket],
    unknown,
  ];
  peer.on("error", () => {});
  client.write("signed");
  const [error] = await once(client, "error") as [NodeJS.ErrnoException];
  assert.is(error.code, "ERR_SCTP_STALLED");
  assert.match(error.message, /the keys of the two ends differ \(sctp\.auth\.keys\)/);
  await closed(server);
});

test("a time-out of a peer that had answered says nothing of keys", async () => {
  const { server, client, peer } = await impatientPair(SECRET);
  client.write("signed");
  await once(peer, "data");
  await once(client.on("notification", () => {}), "notification"); // SENDER_DRY: it was acknowledged
  peer.setKey(1, FRESH);
  client.write("signed by the other one");
  const [error] = await once(client, "error") as [NodeJS.ErrnoException];
  assert.is(error.code, "ETIMEDOUT");
  assert.not.match(error.message, /keys/);
  peer.destroy();
  await closed(server);
});

test("the key that is in use stays, and one that does not exist is no key", async () => {
  const options = signed({ keys: { 1: SECRET } });
  const { client, close } = await connectedPair({ server: options, client: options });
  const error = thrownBy(() => client.deleteKey(1));
  assert.is(error.code, "ERR_INVALID_STATE");
  assert.match(error.message, /Key 1 is the one that this end signs with/);
  const calls = [client.activateKey, client.deleteKey];
  if (stack === "kernel") calls.push((key) => (client.send("x", { key }), client));
  for (const call of calls) {
    for (const none of [7, 0]) { // the empty one is not there
      const { code, message } = thrownBy(() => call.call(client, none));
      assert.is(code, "EINVAL");
      assert.match(message, `there is no key ${none}: set it before, by setKey()`);
    }
  }
  assert.is(client.destroy().setKey(2, FRESH), client); // as all settings
  await close();
});

test("more keys than one call takes: the error says what to do, and later calls take the others", async () => {
  const keys = Object.fromEntries(Array.from({ length: 70 }, (_, i) => [i + 1, SECRET]));
  const socket = connect({ port: PORT, host: "127.0.0.1", ...signed({ keys, active: 1 }) });
  const [{ code, message }] = await once(socket, "error");
  assert.is(code, "EINVAL");
  assert.match(message, /more than \d+ options at once.*give some in a call of their own, later/);
  const one = signed({ keys: { 1: SECRET } });
  const { client, close } = await connectedPair({ client: one, server: one });
  for (const number of Object.keys(keys).slice(1)) client.setKey(Number(number), SECRET);
  await close();
});

test("without AUTH at both ends there is nothing to set, and the error says which end lacks it", async () => {
  const auth = signed({ keys: { 1: SECRET } });
  const server = await listening(stack === "kernel" ? {} : { sctp: { dynamicAddresses: false } });
  const client = connect({ ...endpointOf(server), ...auth });
  const [[peer]] = await Promise.all([once(server, "connection"), once(client, "connect")]) as [
    [Socket],
    unknown,
  ];
  if (stack === "kernel") {
    const here = thrownBy(() => peer.setKey(1, SECRET));
    assert.equal([here.code, here.feature, here.end], ["ERR_SCTP_NOT_NEGOTIATED", "auth", "local"]);
    const there = thrownBy(() => client.setKey(2, SECRET));
    assert.equal([there.code, there.feature, there.end], ["ERR_SCTP_NOT_NEGOTIATED", "auth", "peer"]);
  }
  client.destroy();
  peer.on("error", () => {});
  await closed(server);
});

test("what cannot be throws at the call, and shows no key", () => {
  const attempt = (auth: unknown) => thrownBy(() => createServer({ sctp: { auth: auth as AuthOptions } }));
  const text = "a secret of 26 characters!";
  for (
    const [auth, code, words] of [
      [{}, "ERR_MISSING_ARGS", /needs a key/],
      [{ keys: {} }, "ERR_MISSING_ARGS", /needs a key/],
      [{ keys: { 1: text } }, "ERR_INVALID_ARG_TYPE", /options\.sctp\.auth\.keys\.1" key must be a Buffer/],
      [{ keys: { 1: Buffer.alloc(0) } }, "ERR_OUT_OF_RANGE", /keys\.1\.length/],
      [{ keys: { 1: Buffer.alloc(65536) } }, "ERR_OUT_OF_RANGE", /keys\.1\.length/],
      [{ keys: { 65536: SECRET } }, "ERR_OUT_OF_RANGE", /number of a key/],
      [{ keys: { one: SECRET } }, "ERR_OUT_OF_RANGE", /number of a key/],
      [{ keys: { 1: SECRET, "01": FRESH } }, "ERR_OUT_OF_RANGE", /number of a key/],
      [{ keys: { "": SECRET } }, "ERR_OUT_OF_RANGE", /number of a key/],
      [{ keys: { "0x1": SECRET } }, "ERR_OUT_OF_RANGE", /number of a key/],
      [{ keys: text }, "ERR_INVALID_ARG_TYPE", /options\.sctp\.auth\.keys" property must be of type object/],
      [text, "ERR_INVALID_ARG_TYPE", /options\.sctp\.auth" property must be of type object/],
      [{ keys: { 1: SECRET }, active: text }, "ERR_INVALID_ARG_VALUE", /one of the keys: 1/],
      [{ keys: { 1: SECRET }, active: Buffer.from(text) }, "ERR_INVALID_ARG_VALUE", /one of the keys: 1/],
      [{ keys: { 1: SECRET }, active: 2 }, "ERR_INVALID_ARG_VALUE", /one of the keys: 1/],
      [{ keys: { 1: SECRET, 2: FRESH } }, "ERR_INVALID_ARG_VALUE", /one of the keys: 1, 2/],
      [{ keys: { 1: SECRET }, chunks: ["init"] }, "ERR_INVALID_ARG_VALUE", /'data', 'sack'/],
      [{ keys: { 1: SECRET }, chunks: ["constructor"] }, "ERR_INVALID_ARG_VALUE", /'data', 'sack'/],
      [{ keys: { 1: SECRET }, chunks: ["__proto__"] }, "ERR_INVALID_ARG_VALUE", /'data', 'sack'/],
      [{ keys: { 1: SECRET }, chunks: new Array(1) }, "ERR_INVALID_ARG_VALUE", /'data', 'sack'/],
      [{ keys: { 1: SECRET }, chunks: [1] }, "ERR_INVALID_ARG_VALUE", /never signed/],
      [{ keys: { 1: SECRET }, chunks: [256] }, "ERR_OUT_OF_RANGE", /chunks/],
      [{ keys: { 1: SECRET }, chunks: "data" }, "ERR_INVALID_ARG_TYPE", /Array/],
      [{ keys: { 1: SECRET }, hmacs: ["sha256"] }, "ERR_INVALID_ARG_VALUE", /must have 'sha1'/],
      [{ keys: { 1: SECRET }, hmacs: [null, "sha1"] }, "ERR_INVALID_ARG_VALUE", /hmacs/],
      [{ keys: { 1: SECRET }, hmacs: ["md5"] }, "ERR_INVALID_ARG_VALUE", /hmacs/],
      [{ keys: { 1: SECRET }, key: 1 }, "ERR_INVALID_ARG_VALUE", /auth/],
    ] as const
  ) {
    const error = attempt(auth);
    assert.is(error.code, code, error.message);
    assert.match(error.message, words);
    assert.not.match(inspect(error), /secret|as both know|97, 32, 115/); // the last: text as numbers
  }
});

test("keys are not to be seen, and are taken by their bytes of the call", async () => {
  const key = Buffer.from(SECRET);
  const options = signed({ keys: { 1: key } });
  const server = createServer(options);
  key.fill(0);
  await once(server.listen({ port: 0, host: "127.0.0.1" }), "listening");
  const client = connect({ ...endpointOf(server), ...signed({ keys: { 1: SECRET } }) });
  const [[peer]] = await Promise.all([once(server, "connection"), once(client, "connect")]) as [
    [Socket],
    unknown,
  ];
  await exchange(client, peer);
  const hex = SECRET.toString("hex").match(/../g)!.join(" ");
  for (const one of [server, client, peer]) {
    const text = inspect(one, { depth: 20, showHidden: true });
    assert.not.match(text, new RegExp(`${SECRET}|${hex}`));
  }
  for (const wrong of ["text", Buffer.alloc(0)]) {
    assert.not.match(thrownBy(() => client.setKey(2, wrong as Buffer)).message, /text/);
  }
  const [number, swapped] = [2, "text"] as unknown as [Buffer, number];
  const error = thrownBy(() => client.setKey(swapped, number));
  assert.is(error.code, "ERR_INVALID_ARG_TYPE");
  assert.not.match(error.message, /text/);
  assert.is(thrownBy(() => client.setKey(65536, SECRET)).code, "ERR_OUT_OF_RANGE");
  assert.is(thrownBy(() => client.configure(signed({ keys: { 1: FRESH } }).sctp)).code, "ERR_SCTP_TOO_LATE");
  client.destroy();
  peer.on("error", () => {});
  await closed(server);
});

test("COOKIE ECHO can be signed on the userspace stack: a wrong key fails while connecting", async () => {
  const auth = (key: Buffer) => signed({ keys: { 1: key }, chunks: [10] });
  const server = createServer(auth(SECRET)).listen({ port: 0, host: "127.0.0.1" });
  assert.is(supports("sctp.auth.chunks.cookieEcho") === true, stack === "userspace");
  if (stack === "kernel") {
    const client = connect({ port: PORT, host: "127.0.0.1", ...auth(SECRET) });
    const errors = await Promise.all([server, client].map((end) => once(end, "error")));
    for (const [{ code, feature, sctpStack, message }] of errors as [UnsupportedError][]) {
      assert.equal([code, feature, sctpStack], ["ERR_SCTP_UNSUPPORTED", "sctp.auth.chunks", "kernel"]);
      assert.match(message, /COOKIE ECHO \(10\).*: leave it out, or use the userspace stack$/);
    }
    return;
  }
  await once(server, "listening");
  const client = connect({ ...endpointOf(server), ...auth(SECRET) });
  const [[peer]] = await Promise.all([once(server, "connection"), once(client, "connect")]) as [
    [Socket],
    unknown,
  ];
  peer.on("error", () => {});
  await exchange(client, peer);
  client.destroy();
  const stranger = connect({ ...endpointOf(server), ...auth(FRESH), connectTimeout: 1500 });
  assert.is((await once(stranger, "error"))[0].code, "ETIMEDOUT");
  await closed(server);
});

test.run();
