/** The library as an addon of Node: its calls are functions, whatever they are given. */
import { Buffer } from "node:buffer";
import { spawnSync } from "node:child_process";
import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { runtime as adapter } from "#runtime";
import { SYMBOLS } from "../../core/shim/symbols.ts";
import { runtime, skip, stack } from "../helpers/capabilities.ts";

/** Both copies of the package, as a program may have them through a dependency, in one thread. */
const TWO_COPIES = `
import { once } from "node:events";
import { createRequire } from "node:module";
import { createServer } from "netsctp";
const { connect } = createRequire(import.meta.url)("netsctp");
const server = createServer((socket) => socket.on("data", (message) => socket.end(message)));
server.listen({ port: 0, host: "127.0.0.1" });
await once(server, "listening");
const { port } = server.address();
const client = connect({ port, host: "127.0.0.1", udpPort: server.udpPort });
client.on("data", (message) => console.log(message.toString())).on("close", () => server.close());
client.write("hello");
`;

function tests(): void {
  const library = adapter.load(stack);
  const calls = library.calls as unknown as Record<string, (...values: unknown[]) => unknown>;

  test("every function of the table is there, and no other", () => {
    assert.equal(Object.keys(calls), Object.keys(SYMBOLS));
  });

  const WRONG: Array<[name: string, position: number, ...values: unknown[]]> = [
    ["loop_ref", 1, "1", 1],
    ["loop_ref", 2, 1],
    ["error_name", 2, 1, [], 64],
    ["error_name", 2, 1, null, 64],
    ["error_name", 2, 1, new DataView(new ArrayBuffer(8)), 64],
    ["inspect", 5, 1, Buffer.alloc(32), 32, Buffer.alloc(16), 1n],
    ["send_one", 3, 1, Buffer.alloc(24), "text", 4],
    ["loop_open", 2, 1, undefined],
    ["loop_open", 2, 1, 5],
  ];
  for (const [name, position, ...values] of WRONG) {
    test(`${name}(${values.map((value) => Object.prototype.toString.call(value)).join(", ")}) throws`, () => {
      assert.throws(
        () => calls[name]!(...values),
        (error: { code: string; message: string }) =>
          error.code === "ERR_INVALID_ARG_TYPE" &&
          error.message.startsWith(`argument ${position} of ${name} `),
      );
    });
  }

  test("an exception in the wake itself is an uncaught one, and the loop goes on", () => {
    const program = `
      import { runtime } from "#runtime";
      import { encodeRequest, OPTION, OptionRecord, SIDE, Slab } from "./core/shim/records.ts";
      const { calls, openLoop } = runtime.load("${stack}");
      const slab = new Slab(4096);
      let wakes = 0;
      const { loop, setRef } = openLoop(() => {
        if (++wakes > 1) return setRef(false);
        calls.take(loop, slab.bytes, slab.size);
        throw new Error("of the wake");
      });
      process.on("uncaughtException", (error) => {
        console.log(error.message);
        connect();
      });
      process.on("exit", () => console.log(wakes, "wakes"));
      setRef(true);
      const any = [{ address: "127.0.0.1", port: 0 }];
      const bytes = encodeRequest({ options: [], local: any, remote: [] });
      const server = calls.listen(loop, bytes, bytes.length);
      calls.addresses(server, SIDE.LOCAL, slab.bytes, slab.size);
      const remote = [{ address: "127.0.0.1", port: slab.u16[1] }];
      const asked = encodeRequest({ options: [[OPTION.LOCAL_UDP_PORT, 0]] });
      const found = calls.inspect(server, asked, asked.length, slab.bytes, slab.size);
      const udpPort = found < 0 ? 0 : OptionRecord.read(slab, 0).value;
      const options = udpPort > 0 ? [[OPTION.REMOTE_UDP_PORT, udpPort]] : [];
      const request = encodeRequest({ options, local: [], remote });
      const connect = () => calls.connect(loop, request, request.length);
      connect();
    `;
    const flags = ["--import", "tsx", "--input-type=module", "-e", program];
    const { stdout, stderr } = spawnSync(process.execPath, flags, { encoding: "utf8", timeout: 60_000 });
    assert.match(stdout, /^of the wake\n2 wakes\n$/, stderr);
  });

  test("two copies of the package in one thread are woken each by its own", () => {
    const flags = ["--input-type=module", "-e", TWO_COPIES];
    const { stdout, stderr } = spawnSync(process.execPath, flags, { encoding: "utf8", timeout: 60_000 });
    assert.is(stdout, "hello\n", stderr);
  });
}

if (runtime === "node") tests();
else skip("the addon", "it is for Node");

test.run();
