/**
 * What a stack, or the place it runs in, cannot do. Tests ask here and print
 * the reason when they skip; nothing else skips.
 */
import { createSocket } from "node:dgram";
import { existsSync } from "node:fs";
import { networkInterfaces } from "node:os";
import process from "node:process";
import type { Stack } from "netsctp";
import type { RuntimeName } from "./runtimes.ts";

/** The stack this run is about. */
export const stack: Stack = process.env.NETSCTP_STACK === "kernel" ? "kernel" : "userspace";

export const runtime = (process.env.NETSCTP_TEST_RUNTIME ?? "node") as RuntimeName;

/** A UDP port that is open and says nothing, as long as this process lives. */
async function silentUdpPort(): Promise<number> {
  const socket = createSocket("udp4");
  socket.unref(); // Deno heeds it only before bind()
  await new Promise<void>((resolve) => socket.bind(0, () => resolve()));
  return socket.address().port;
}

/** An address that swallows what is sent to it. The guest has one behind a dummy interface; the userspace stack only
 * needs a UDP port that does not answer. */
export const blackHole = {
  host: stack === "userspace" ? "127.0.0.1" : "192.0.2.2",
  /** One of this machine's that can be tried after it. */
  neighbour: stack === "userspace" ? "127.0.0.1" : "192.0.2.1",
  port: 7,
  udpPort: stack === "userspace" ? await silentUdpPort() : undefined,
  reason: stack === "userspace" || existsSync("/sys/class/net/blackhole0")
    ? undefined
    : "no interface that swallows packets: only the guest has blackhole0",
};

/** Whether a TLSSocket over a stream that is not a net.Socket closes in order. */
export const tlsEnd = {
  reason: runtime === "deno"
    ? "Deno's TLSSocket destroys the stream below it, where Node's ends it: the association is aborted"
    : undefined,
};

/** Whether an http.Server that is handed its connections, by emit("connection"), sends the trailers of an answer. */
export const trailers = {
  reason: runtime === "bun"
    ? "Bun's http.Server sends none on a connection that it was handed, be that a net.Socket"
    : undefined,
};

/** Whether there are workers as browsers have them. */
export const webWorkers = {
  reason: "Worker" in globalThis ? undefined : `${runtime} has none`,
};

/** An address of this machine that is only valid with its interface: "fe80::1%eth0". */
export const linkLocal = findLinkLocal();

function findLinkLocal(): string | undefined {
  for (const [name, addresses] of Object.entries(networkInterfaces())) {
    const found = addresses?.find(({ address }) => address.startsWith("fe80:"));
    if (found) return `${found.address.replace(/%.*/, "")}%${name}`;
  }
  return undefined;
}

/** Prints why a test does not run. */
export function skip(name: string, reason: string): void {
  console.log(`SKIP ${name}: ${reason}`);
}
