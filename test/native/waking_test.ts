/** How the host is woken where the cheapest way is barred. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { runtime, skip } from "../helpers/capabilities.ts";

interface DenoCommand {
  outputSync(): { stdout: Uint8Array; stderr: Uint8Array };
}
declare const Deno: { Command: new (program: string, options: { args: string[] }) => DenoCommand };

const ECHO = `
import { once } from "node:events";
import { connect, createServer } from "../mod.ts";
const server = createServer((socket) => socket.on("data", (message) => socket.end(message)));
server.listen(0, "127.0.0.1");
await once(server, "listening");
const client = connect(server.address().port, "127.0.0.1");
client.write("hello");
const [message] = await once(client, "data");
await once(client.resume(), "close");
console.log(message.toString(), "DedicatedWorkerGlobalScope" in globalThis ? "from a worker" : "from the main thread");
await server[Symbol.asyncDispose]();
`;
const IN_WORKER = `
const worker = new Worker(new URL(import.meta.url.replace("-main.ts", "-echo.ts")), { type: "module" });
worker.onmessage = () => worker.terminate();
`;

/** Runs a program with every io_uring_setup() failing as it does where a container forbids it. */
function withoutRing(name: string, source: string, others: Record<string, string> = {}): string {
  const files = Object.entries({ [name]: source, ...others });
  const pathOf = (file: string) => join("test", `.waking-${process.pid}-${file}.ts`);
  for (const [file, text] of files) writeFileSync(pathOf(file), text);
  const log = join(process.env.TMPDIR ?? "/tmp", `waking-${process.pid}`);
  try {
    const strace = ["-f", "-qq", "-o", log, "-e", "inject=io_uring_setup:error=EPERM"];
    const deno = [process.execPath, "run", "--allow-all", "--no-check", "--cached-only", pathOf(name)];
    const { stdout, stderr } = new Deno.Command("strace", { args: [...strace, ...deno] }).outputSync();
    assert.match(readFileSync(log, "utf8"), /io_uring_setup.*INJECTED/);
    return new TextDecoder().decode(stdout) || new TextDecoder().decode(stderr);
  } finally {
    for (const [file] of files) rmSync(pathOf(file));
    rmSync(log);
  }
}

if (runtime === "deno") {
  test("without io_uring, a thread of the shim's wakes the main thread", () => {
    assert.is(withoutRing("echo", ECHO), "hello from the main thread\n");
  });

  test("without io_uring, a thread of the shim's wakes a worker", () => {
    const output = withoutRing("main", IN_WORKER, { echo: `${ECHO} postMessage("done");` });
    assert.is(output, "hello from a worker\n");
  });
} else {
  skip("waking without io_uring", "Node's own loop waits for the shim's descriptor");
}

test.run();
