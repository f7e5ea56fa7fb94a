/** An association between the two stacks, both in this process, over UDP and a relay that sees each packet. */
import { once } from "node:events";
import {
  connect,
  type ConnectOptions,
  createServer,
  type ServerOptions,
  type Socket,
  type Stack,
} from "netsctp";
import { freeUdpPort } from "../../tools/free_udp_port.ts";
import { skip } from "./capabilities.ts";
import { missing } from "./encapsulation.ts";
import { setParameter } from "./kernel_parameters.ts";
import { closed } from "./pair.ts";
import { Relay } from "./relay.ts";
import { test } from "uvu";

/** The kernel's UDP port. */
export const kernelPort = missing ? 0 : await freeUdpPort();
if (!missing) setParameter("udp_port", kernelPort);

// The userspace stack names its other addresses of loopback in an INIT only to one that an interface of this host has.
export const CLIENTS = ["127.0.0.1", "127.0.0.2"] as const;
export const SERVERS = ["127.0.0.1", "127.0.0.3"] as const;

export const STACKS: readonly Stack[] = ["userspace", "kernel"];

export interface Across {
  client: Socket;
  /** The server's end. */
  peer: Socket;
  relay: Relay;
  close(): Promise<void>;
}

export interface AcrossOptions {
  client?: Partial<ConnectOptions>;
  server?: ServerOptions;
  /** Of both: they win where they are of both kinds. */
  both?: ServerOptions;
  /** Addresses of each end. */
  homes?: 1 | 2;
  /** What is lost from the first packet on. */
  loses?: Relay["loses"];
}

/** A listener on one stack, and a way to it for the other one. */
export async function wayAcross(
  client: Stack,
  { server: ofServer, both, homes = 1, loses }: AcrossOptions = {},
) {
  const [clients, servers] = [CLIENTS.slice(0, homes), SERVERS.slice(0, homes)];
  const isToKernel = client === "userspace";
  const server = createServer({ stack: isToKernel ? "kernel" : "userspace", ...both, ...ofServer });
  server.listen({ port: 0, localAddresses: servers, ...(!isToKernel && { udpPort: 0 }) });
  await once(server, "listening");
  const relay = await Relay.open(CLIENTS, SERVERS, isToKernel ? kernelPort : server.udpPort!);
  if (loses) relay.loses = loses;
  const to: ConnectOptions = {
    stack: client,
    port: server.address()!.port,
    localAddresses: clients,
    remoteAddresses: servers,
    udpPort: relay.port,
    ...(isToKernel && { localUdpPort: 0 }),
    ...both,
  };
  const close = async () => {
    await closed(server);
    relay.close();
  };
  return { server, to, relay, close };
}

export async function across(stack: Stack, options: AcrossOptions = {}): Promise<Across> {
  const { server, to, relay, close } = await wayAcross(stack, options);
  const client = connect({ ...to, ...options.client });
  const [[peer]] = await Promise.all([once(server, "connection"), once(client, "connect")]) as [
    [Socket],
    unknown,
  ];
  return {
    client,
    peer,
    relay,
    async close() {
      for (const socket of [client, peer]) socket.on("error", () => {}).destroy();
      await close();
    },
  };
}

/** A test of each stack as the one that connects; where the kernel's cannot be had here, the reason is printed. */
export function testAcross(name: string, body: (client: Stack) => Promise<void>): void {
  for (const client of STACKS) {
    const full = `${client} to ${STACKS.find((other) => other !== client)}: ${name}`;
    if (missing) skip(full, missing);
    else test(full, () => body(client));
  }
}
