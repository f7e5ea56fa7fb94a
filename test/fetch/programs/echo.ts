/** Two servers begin at once, a client of each; prints what comes back, or "server|client CODE message". */
import { Buffer } from "node:buffer";
import { connect, createServer } from "netsctp";

const HOST = "127.0.0.1";

function serve(text: string): void {
  const server = createServer((socket) => socket.on("data", (message) => socket.write(message)));
  server.on("error", (error: Error & { code?: string }) => {
    console.log(`server ${error.code} ${error.message}`);
    server.close();
  });
  server.on("close", ended);
  server.listen({ port: 0, host: HOST }, () => {
    const { port } = server.address()!;
    const client = connect({ port, host: HOST }, () => client.write(Buffer.from(text)));
    client.on("data", (message) => {
      console.log(`echo ${message} ${client.stack}`);
      client.end();
    });
    client.on("close", () => server.close());
  });
  if (server.listening || server.address() !== null) console.log("it should not listen yet");
}

let left = 2;
/** Nothing else ends a worker. */
function ended(): void {
  if (--left === 0 && "DedicatedWorkerGlobalScope" in globalThis) {
    (globalThis as unknown as { close(): void }).close();
  }
}

serve("one");
serve("two");
