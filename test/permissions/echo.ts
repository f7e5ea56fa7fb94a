/**
 * A server and a client of it exchange a message; prints "echo hello", or "CODE message" of what went wrong.
 *
 * Arguments: the host, or nothing for 127.0.0.1.
 */
import { Buffer } from "node:buffer";
import process from "node:process";
import { connect, createServer } from "netsctp";

const [host = "127.0.0.1"] = process.argv.slice(2);

function failed(error: Error & { code?: string }): void {
  console.log(error.code, error.message);
  server.close();
}

const server = createServer((socket) => socket.on("data", (message) => socket.write(message)));
server.on("error", failed);
if ("DedicatedWorkerGlobalScope" in globalThis) {
  server.on("close", () => (globalThis as unknown as { close(): void }).close());
}
try {
  server.listen({ port: 0, host }, () => {
    const { port } = server.address()!;
    const client = connect({ port, host }, () => client.write(Buffer.from("hello")));
    client.on("error", failed);
    client.on("data", (message) => {
      console.log(`echo ${message}`);
      client.end();
    });
    client.on("close", () => server.close());
  });
} catch (error) {
  failed(error as Error);
}
