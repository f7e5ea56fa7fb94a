/** How the host is woken where the cheapest way is barred. */
import { spawnSync } from "node:child_process";
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
import { isMainThread } from "node:worker_threads";
import { connect, createServer } from "netsctp";
const server = createServer((socket) => socket.on("data", (message) => socket.end(message)));
server.listen(0, "127.0.0.1");
await once(server, "listening");
const client = connect(server.address().port, "127.0.0.1");
client.write("hello");
const isClosed = once(client, "close"); // from the beginning: it may come with the message
const [message] = await once(client, "data");
client.resume();
await isClosed;
// To node:worker_threads a worker of Deno's own kind is the main thread.
const isWorker = !isMainThread || "DedicatedWorkerGlobalScope" in globalThis;
console.log(message.toString(), isWorker ? "from a worker" : "from the main thread");
await server[Symbol.asyncDispose]();
`;
const IN_WORKER = `
const worker = new Worker(new URL(import.meta.url.replace("-main.ts", "-echo.ts")), { type: "module" });
worker.onmessage = () => worker.terminate();
`;

const FLAGS: Record<string, string[]> = {
  deno: ["run", "--allow-all", "--no-check", "--cached-only"],
  bun: [],
};

/** What a program prints. */
function run(program: string, args: string[]): string {
  // Not by node:child_process on Deno, which there gives the flags of Deno as it has been started to what it starts.
  const { stdout, stderr } = runtime === "deno"
    ? new Deno.Command(program, { args }).outputSync()
    : spawnSync(program, args);
  return new TextDecoder().decode(stdout) || new TextDecoder().decode(stderr);
}

/** Runs a program with every io_uring_setup() failing as it does where a container forbids it. */
function withoutRing(name: string, source: string, others: Record<string, string> = {}): string {
  const files = Object.entries({ [name]: source, ...others });
  const pathOf = (file: string) => join("test", `.waking-${process.pid}-${file}.ts`);
  for (const [file, text] of files) writeFileSync(pathOf(file), text);
  const log = join(process.env.TMPDIR ?? "/tmp", `waking-${process.pid}`);
  try {
    // By seccomp only this call stops. Where each one does, Bun hardly moves in a guest: it asks the clock all the time.
    const strace = ["-f", "--seccomp-bpf", "-qq", "-o", log, "-e", "trace=io_uring_setup"];
    strace.push("-e", "inject=io_uring_setup:error=EPERM");
    const output = run("strace", [...strace, process.execPath, ...FLAGS[runtime]!, pathOf(name)]);
    assert.match(readFileSync(log, "utf8"), /io_uring_setup.*INJECTED/);
    return output;
  } finally {
    for (const [file] of files) rmSync(pathOf(file));
    rmSync(log);
  }
}

if (runtime === "node") {
  skip("waking without io_uring", "Node's own loop waits for the shim's descriptor");
} else {
  test("without io_uring, a thread of the shim's wakes the main thread", () => {
    assert.is(withoutRing("echo", ECHO), "hello from the main thread\n");
  });

  test("without io_uring, a thread of the shim's wakes a worker", () => {
    const output = withoutRing("main", IN_WORKER, { echo: `${ECHO} postMessage("done");` });
    assert.is(output, "hello from a worker\n");
  });
}

test.run();
