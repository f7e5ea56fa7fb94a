/** The adapter of this runtime and the library of this stack, against c/sctp_shim.h: no core above them. */
import { Buffer } from "node:buffer";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { runtime } from "#runtime";
import {
  CLOSE,
  CountersRecord,
  encodeRequest,
  LAYOUT_HASH,
  OPTION,
  OptionRecord,
  SIDE,
  Slab,
  STACK,
} from "../../core/shim/records.ts";
import { stack } from "../helpers/capabilities.ts";

const library = runtime.load(stack);
const { calls } = library;
let wake = () => {};
const port = library.openLoop(() => wake());

/** The name the library has for a negative result. */
function nameOf(result: number): string {
  const slab = new Slab(64);
  return slab.bytes.toString("latin1", 0, calls.error_name(-result, slab.bytes, slab.size));
}

/** What the library says of the last call. */
function explanation(): string {
  const slab = new Slab(1024);
  return slab.bytes.toString("utf8", 0, calls.explain(slab.bytes, slab.size));
}

function listen(address = "127.0.0.1", number = 0): number {
  const request = encodeRequest({ options: [], local: [{ address, port: number }], remote: [] });
  return calls.listen(port.loop, request, request.length);
}

test("the library has the layout this code was generated with", () => {
  assert.is(calls.layout_hash(), LAYOUT_HASH);
  assert.is(calls.stack(), stack === "kernel" ? STACK.KERNEL : STACK.USERSPACE);
  assert.is(calls.probe(), 0);
});

test("errno names cross as text; a number without a name has none", () => {
  const slab = new Slab(64);
  assert.is(nameOf(-111), "ECONNREFUSED");
  assert.is(calls.error_name(9999, slab.bytes, slab.size), 0);
});

test("a handle that was closed is EBADF in every call, also when its place is used again", () => {
  const old = listen();
  assert.ok(old >= 0);
  assert.is(calls.close(old, CLOSE.ABORT), 0);
  const fresh = listen();
  assert.is.not(fresh, old);
  const slab = new Slab(8192);
  const results = [
    calls.accept(old, slab.bytes, slab.size),
    calls.receive(old, slab.bytes, slab.size),
    calls.send(old, slab.bytes, 24, 1),
    calls.send_one(old, slab.bytes, slab.bytes, 1),
    calls.shutdown(old),
    calls.addresses(old, SIDE.LOCAL, slab.bytes, slab.size),
    calls.status(old, slab.bytes, slab.size),
    calls.paths(old, slab.bytes, slab.size),
    calls.configure(old, slab.bytes, 32),
    calls.inspect(old, slab.bytes, 32, slab.bytes, slab.size),
    calls.close(old, CLOSE.RELEASE),
  ];
  assert.equal(results.map(nameOf), results.map(() => "EBADF"));
  calls.close(fresh, CLOSE.ABORT);
});

test("requests that are not whole are refused, whatever they claim", () => {
  const good = encodeRequest({ options: [[1, 1]], local: [{ address: "127.0.0.1", port: 0 }], remote: [] });
  for (let length = 0; length < good.length; length++) {
    assert.is(nameOf(calls.listen(port.loop, good, length)), "EINVAL", `length ${length}`);
  }
  const greedy = Buffer.from(good);
  greedy.writeUInt32LE(0xffffffff, 4);
  assert.is(nameOf(calls.listen(port.loop, greedy, greedy.length)), "EINVAL");
  assert.is(nameOf(listen("no address")), "EINVAL");
});

test("a failure that an errno cannot tell is explained", () => {
  const options = [[OPTION.SACK_DELAY, 501]] as const; // RFC 9260 section 6.2 allows 500 ms at most
  const request = encodeRequest({ options, local: [{ address: "127.0.0.1", port: 0 }], remote: [] });
  assert.is(nameOf(calls.listen(port.loop, request, request.length)), "EINVAL");
  assert.match(explanation(), /must be between 1 and 500/);
});

test("a wake comes on this thread, and take() names the handle", async () => {
  port.setRef(true);
  const server = listen();
  const slab = new Slab(4096);
  assert.is(calls.addresses(server, SIDE.LOCAL, slab.bytes, slab.size), 1);
  const remote = [{ address: "127.0.0.1", port: slab.u16[1]! }];
  const options = udpPortOf(server);
  const request = encodeRequest({ options, local: [], remote });
  const handles = new Set<number>();
  const seen = new Promise<void>((resolve) => {
    wake = () => {
      const count = calls.take(port.loop, slab.bytes, slab.size);
      for (let i = 0; i < count; i++) handles.add(slab.u32[i * 2]!);
      if (handles.has(server)) resolve();
    };
  });
  const client = calls.connect(port.loop, request, request.length);
  assert.ok(client >= 0, nameOf(client));
  await seen;
  port.setRef(false);
  for (const handle of [client, server]) assert.is(calls.close(handle, CLOSE.ABORT), 0);
});

/** On the userspace stack a peer is reached by its UDP port: LOCAL_UDP_PORT of one end, REMOTE_UDP_PORT of the other. */
function udpPortOf(server: number): Array<[number, number]> {
  return stack === "userspace" ? [[OPTION.REMOTE_UDP_PORT, inspect(server, OPTION.LOCAL_UDP_PORT)]] : [];
}

function inspect(handle: number, name: number): number {
  const slab = new Slab(OptionRecord.SIZE);
  const request = encodeRequest({ options: [[name, 0]] });
  const result = calls.inspect(handle, request, request.length, slab.bytes, slab.size);
  return result < 0 ? result : OptionRecord.read(slab, 0).value;
}

test("an option is set and read back, and one that is refused is explained", () => {
  const server = listen();
  const configure = (value: number) => {
    const request = encodeRequest({ options: [[OPTION.SACK_DELAY, value]] });
    return calls.configure(server, request, request.length);
  };
  assert.is(configure(40), 0);
  assert.is(inspect(server, OPTION.SACK_DELAY), 40);
  assert.is(nameOf(configure(501)), "EINVAL");
  assert.match(explanation(), /must be between 1 and 500/);
  assert.is(nameOf(inspect(server, OPTION.BACKLOG)), "EOPNOTSUPP");
  calls.close(server, CLOSE.ABORT);
});

test("nothing is left open", () => {
  const slab = new Slab(CountersRecord.SIZE);
  calls.counters(slab.bytes, slab.size);
  assert.is(CountersRecord.read(slab, 0).openHandles, 0);
  assert.ok(CountersRecord.read(slab, 0).calls > 20);
});

test.run();
