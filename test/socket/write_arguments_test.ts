/** What stands beside the data in write() and end(): an encoding, a callback, or a mistake that is told. */
import { Buffer } from "node:buffer";
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect } from "netsctp";
import { message } from "../helpers/messages.ts";
import { closed, connectedPair, endpointOf, listening } from "../helpers/pair.ts";
import { watch } from "../helpers/events.ts";

const buffer = Buffer.from("x");
const WRONG_ENCODINGS = [
  { sid: 1, ppid: 2 },
  Object.create(null),
  [],
  5,
  true,
  Symbol("utf8"),
  "utf9",
  "toString",
];
const WRONG_CALLBACKS = [{ sid: 1 }, 5, "utf8", true];

// deno-lint-ignore no-explicit-any -- what types would refuse
type Loosely = (...args: any[]) => unknown;

function refused(call: () => unknown, code: string, message: RegExp): void {
  assert.throws(call, (error: NodeJS.ErrnoException) => {
    assert.equal([error.code, error instanceof TypeError], [code, true]);
    assert.match(error.message, message);
    return true;
  });
}

for (const method of ["write", "end"] as const) {
  test(`${method}(): what is no encoding, or no callback, throws, and the socket goes on`, async () => {
    const { client, peer, close } = await connectedPair();
    const call: Loosely = client[method].bind(client);
    for (const encoding of WRONG_ENCODINGS) {
      for (const data of [buffer, "x"]) {
        refused(() => call(data, encoding), "ERR_UNKNOWN_ENCODING", /^Unknown encoding: /);
        refused(() => call(data, encoding, () => {}), "ERR_UNKNOWN_ENCODING", /^Unknown encoding: /);
      }
    }
    refused(
      () => call(buffer, { sid: 1 }),
      "ERR_UNKNOWN_ENCODING",
      /write\(Object\.assign\(buffer, \{ sid, ppid \}\)\)/,
    );
    for (const callback of WRONG_CALLBACKS) {
      refused(() => call(buffer, "utf8", callback), "ERR_INVALID_ARG_TYPE", /"callback".*of type function/);
      refused(
        () => call(buffer, undefined, callback),
        "ERR_INVALID_ARG_TYPE",
        /"callback".*of type function/,
      );
    }
    assert.equal([client.writable, client.writableLength], [true, 0]);
    client.write("still well");
    assert.is((await once(peer, "data"))[0].toString(), "still well");
    await close();
  });
}

test("a Buffer that says it is longer or shorter than it is throws: nothing beyond its bytes is sent", async () => {
  const { client, peer, close } = await connectedPair();
  for (const length of [0, 5, 900_000, -1, "x", undefined]) {
    const data = Object.defineProperty(Buffer.alloc(40_000), "length", { value: length });
    refused(() => client.write(data), "ERR_INVALID_ARG_VALUE", /length/);
    refused(() => client.end(data), "ERR_INVALID_ARG_VALUE", /length/);
  }
  client.write("still well");
  assert.is((await once(peer, "data"))[0].toString(), "still well");
  await close();
});

test("every falsy encoding and callback is none, 'buffer' is that of a Buffer, as net has it", async () => {
  const { client, peer, close } = await connectedPair();
  const life = watch(peer);
  const write: Loosely = client.write.bind(client);
  const falsy = [undefined, null, "", 0, false];
  for (const encoding of [...falsy, "buffer", "UTF8"]) write(buffer, encoding);
  for (const encoding of falsy) write("x", encoding, encoding || undefined);
  write("78", "hex", null);
  await new Promise((resolve) => write("x", null, resolve));
  await new Promise((resolve) => (client.end as Loosely)("x", null, resolve));
  await life.closed;
  assert.equal(life.messages.map(({ length }) => length), Array(15).fill(1));
  await close();
});

const BYTES = Uint8Array.from({ length: 24 }, (_, i) => i + 1);
/** Each sees bytes 9 to 16 of a larger memory, where a view that is taken for its whole memory shows. */
const VIEWS = [
  Int8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  BigInt64Array,
  BigUint64Array,
  Float32Array,
  Float64Array,
].map((Kind) => new Kind(BYTES.slice().buffer, 8, 8 / Kind.BYTES_PER_ELEMENT) as ArrayBufferView);

for (const method of ["write", "end"] as const) {
  test(`${method}(): each kind of view is a message of the bytes it sees, with its stream and identifier`, async () => {
    for (const view of [...VIEWS, new DataView(BYTES.slice().buffer, 8, 8)]) {
      const { client, peer, close } = await connectedPair();
      const { name } = view.constructor;
      (client[method] as Loosely)(Object.assign(view, { sid: 3, ppid: 46 }));
      const [message] = await once(peer, "data");
      assert.equal([...message], [9, 10, 11, 12, 13, 14, 15, 16], name);
      assert.equal([message.sid, message.ppid], [3, 46], name);
      await close();
    }
  });
}

test("write(): what a view sees may change once its callback was called, not before", async () => {
  const { client, peer, close } = await connectedPair();
  const view = Uint16Array.of(0x4141, 0x4242);
  await new Promise((resolve) => (client.write as Loosely)(view, resolve));
  view.fill(0);
  assert.is((await once(peer, "data"))[0].toString(), "AABB");
  await close();
});

/** A view whose memory is another's now. */
function transferred<T extends ArrayBufferView>(view: T): T {
  structuredClone(view, { transfer: [view.buffer as ArrayBuffer] });
  return view;
}

/** Each is a Uint8Array by `instanceof`, or has been one, but has no bytes. */
const WITHOUT_BYTES: Record<string, () => unknown> = {
  "transferred memory": () => transferred(new Uint8Array(8)),
  "a DataView of transferred memory": () => transferred(new DataView(new ArrayBuffer(8))),
  "a Proxy of a Uint8Array": () => new Proxy(new Uint8Array(8), {}),
  "a Proxy of a Buffer": () => new Proxy(Buffer.alloc(8), {}),
  "an object with the prototype of Uint8Array": () => Object.create(Uint8Array.prototype),
  "an object with the prototype of Buffer": () => Object.create(Buffer.prototype),
};

for (const method of ["write", "end"] as const) {
  for (const [what, make] of Object.entries(WITHOUT_BYTES)) {
    test(`${method}(): ${what} throws, and later messages keep their own streams and identifiers`, async () => {
      const { client, peer, close } = await connectedPair();
      const life = watch(peer);
      assert.throws(() => (client[method] as Loosely)(make()), (error: Error) => error instanceof TypeError);
      client.write(message("a", 3, 33));
      client.end(message("b", 4, 44));
      await life.closed;
      assert.equal(life.messages.map(({ sid, ppid }) => [sid, ppid]), [[3, 33], [4, 44]]);
      assert.equal(life.events, ["end", "close"]);
      await close();
    });
  }
}

test("write(): so do those of a socket whose `writable` the program has set to false", async () => {
  const server = await listening();
  const connection = once(server, "connection");
  const client = connect(endpointOf(server));
  client.write(message("a", 3, 33)); // waits
  Object.assign(client, { writable: false });
  client.write(message("b", 4, 44));
  Object.assign(client, { writable: true });
  client.end(message("c", 5, 55));
  const [peer] = await connection;
  const life = watch(peer);
  await life.closed;
  assert.equal(life.messages.map(({ sid, ppid }) => [sid, ppid]), [[3, 33], [4, 44], [5, 55]]);
  await closed(server);
});

test("write(): memory without a view is no data: ERR_INVALID_ARG_TYPE", async () => {
  const { client, close } = await connectedPair();
  for (
    const data of [
      new ArrayBuffer(4),
      new SharedArrayBuffer(4),
      [1, 2],
      5,
      true,
      {},
      5n,
      Symbol("x"),
      () => {},
    ]
  ) {
    refused(() => (client.write as Loosely)(data), "ERR_INVALID_ARG_TYPE", /"chunk"/);
  }
  await close();
});

test("end(): in each of its forms the callback is called, and a last message sent", async () => {
  const forms: [form: unknown[], sent: number][] = [
    [[], 0],
    [[undefined, undefined], 0],
    [[null, "utf8"], 0],
    [["x"], 1],
    [["78", "hex"], 1],
  ];
  for (const [form, sent] of forms) {
    const { client, peer, close } = await connectedPair();
    const life = watch(peer);
    await new Promise<void>((resolve) => (client.end as Loosely)(...form, resolve));
    await life.closed;
    assert.equal(life.messages.map(({ length }) => length), Array(sent).fill(1));
    assert.equal(life.events, ["end", "close"]);
    await close();
  }
});

test.run();
