/** What stands beside the data in write() and end(): an encoding, a callback, or a mistake that is told. */
import { Buffer } from "node:buffer";
import { once } from "node:events";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connectedPair } from "../helpers/pair.ts";
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
