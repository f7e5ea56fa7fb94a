/**
 * Opens a server and a client while few descriptors are left, one more each time, until that works, and writes a line
 * of JSON for each time. The first round opens the stack, too; the second has it. At the end all descriptors are free.
 * Each line tells how many descriptors too many there were, which something else in this process must have closed.
 */
import { once } from "node:events";
import { closeSync } from "node:fs";
import process from "node:process";
import { connect, createServer, type Socket } from "netsctp";
import { limitDescriptors, openWhatSignalsNeed, takeAll } from "./descriptors.ts";

/** Far more than it takes. */
const MOST = 40;

let onShortage = () => {};
process.on("warning", ({ code }: NodeJS.ErrnoException) => code === "NETSCTP_ACCEPT" && onShortage());

interface Outcome {
  left: number;
  /** "works", or "waits" where the server had no descriptor for the connection. */
  result: string;
  syscall?: string | undefined;
  message?: string;
}

async function attempt(left: number, free: () => void): Promise<Outcome> {
  const server = createServer((peer) =>
    peer.on("error", () => {}).on("data", (message) => peer.write(message))
  );
  let client: Socket | undefined;
  let result = "works";
  onShortage = () => {
    result = "waits";
    free();
  };
  try {
    server.listen({ host: "127.0.0.1" });
    await once(server, "listening");
    client = connect({ host: "127.0.0.1", port: server.address()!.port });
    client.write("there and back");
    await once(client, "data");
    return { left, result };
  } catch (error) {
    const { code, syscall, message } = error as NodeJS.ErrnoException;
    return { left, result: code!, syscall, message };
  } finally {
    client?.destroy();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  }
}

// To say where an error is from, Deno opens files, and panics where it cannot.
Error.stackTraceLimit = 0;

openWhatSignalsNeed();
limitDescriptors(200);
for (const round of [1, 2]) {
  for (let left = 0; left < MOST; left++) {
    const taken = takeAll();
    const free = () => taken.splice(0).forEach((descriptor) => closeSync(descriptor));
    taken.splice(0, left).forEach((descriptor) => closeSync(descriptor));
    const outcome = await attempt(left, free);
    let surplus = 0;
    if (outcome.result === "EMFILE") {
      const now = takeAll();
      surplus = Math.max(0, now.length - left);
      taken.push(...now);
    }
    free();
    console.log(JSON.stringify({ round, surplus, ...outcome }));
    if (outcome.result === "works") break;
  }
}
console.log(JSON.stringify(await attempt(Infinity, () => {})));
