/** Wrong arguments throw at the call, with Node's codes. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { connect, createServer, Socket } from "netsctp";
import { connectedPair } from "../helpers/pair.ts";

type Call = () => unknown;

const any = (call: unknown) => call as never;

const port = 38412; // is never asked for

const WRONG: Record<string, [code: string, call: Call]> = {
  "connect without a port": ["ERR_MISSING_ARGS", () => connect(any({}))],
  "connect with a port that is none": ["ERR_SOCKET_BAD_PORT", () => connect({ port: 65536 })],
  "connect with a negative port": ["ERR_SOCKET_BAD_PORT", () => connect(-1)],
  "connect with a port of another type": ["ERR_INVALID_ARG_TYPE", () => connect({ port: any(true) })],
  "connect with a host of another type": ["ERR_INVALID_ARG_TYPE", () => connect({ port, host: any(5) })],
  "connect with a localAddress that is no address": [
    "ERR_INVALID_IP_ADDRESS",
    () => connect({ port, localAddress: "localhost" }),
  ],
  "connect with a localPort out of range": ["ERR_OUT_OF_RANGE", () => connect({ port, localPort: 70000 })],
  "connect with a path": ["ERR_INVALID_ARG_VALUE", () => connect(any({ port, path: "/tmp/x" }))],
  "no streams": ["ERR_OUT_OF_RANGE", () => connect({ port, OS: 0 })],
  "too many streams": ["ERR_OUT_OF_RANGE", () => createServer({ MIS: 65536 })],
  "streams that are no number": ["ERR_INVALID_ARG_TYPE", () => createServer({ OS: any("10") })],
  "noDelay that is no boolean": ["ERR_INVALID_ARG_TYPE", () => createServer({ noDelay: any(1) })],
  "allowHalfOpen": ["ERR_INVALID_ARG_VALUE", () => createServer(any({ allowHalfOpen: true }))],
  "options that are no object": ["ERR_INVALID_ARG_TYPE", () => createServer(any("options"))],
  "a listener that is no function": ["ERR_INVALID_ARG_TYPE", () => createServer({}, any("listener"))],
  "a stack that does not exist": ["ERR_INVALID_ARG_VALUE", () => connect({ port, stack: any("raw") })],
  "listen on a port that is none": ["ERR_SOCKET_BAD_PORT", () => createServer().listen(70000)],
  "listen with a backlog that is none": [
    "ERR_OUT_OF_RANGE",
    () => createServer().listen({ port: 0, backlog: -1 }),
  ],
  "listen on a descriptor": ["ERR_INVALID_ARG_VALUE", () => createServer().listen(any({ fd: 3 }))],
  "a Socket of one's own": ["ERR_ILLEGAL_CONSTRUCTOR", () => new Socket(any(undefined))],
};

for (const [name, [code, call]] of Object.entries(WRONG)) {
  test(`${name}: ${code}`, () => {
    assert.throws(call, (error: NodeJS.ErrnoException) => {
      assert.is(error.code, code);
      return true;
    });
  });
}

test("what cannot be written is refused at the call, and nothing is broken by it", async () => {
  const { client, peer, close } = await connectedPair();
  const bad: Array<[unknown, string]> = [
    [null, "ERR_STREAM_NULL_VALUES"],
    [5, "ERR_INVALID_ARG_TYPE"],
    [{}, "ERR_INVALID_ARG_TYPE"],
    [Object.assign(Buffer.from("x"), { sid: -1 }), "ERR_OUT_OF_RANGE"],
    [Object.assign(Buffer.from("x"), { sid: 1.5 }), "ERR_OUT_OF_RANGE"],
    [Object.assign(Buffer.from("x"), { ppid: 2 ** 32 }), "ERR_OUT_OF_RANGE"],
    [Object.assign(Buffer.from("x"), { ppid: "46" }), "ERR_INVALID_ARG_TYPE"],
  ];
  for (const [data, code] of bad) {
    assert.throws(() => client.write(any(data)), (error: NodeJS.ErrnoException) => error.code === code, code);
  }
  const received = new Promise<Buffer>((resolve) => peer.once("data", resolve));
  client.write("still well");
  assert.is((await received).toString(), "still well");
  await close();
});

test.run();
