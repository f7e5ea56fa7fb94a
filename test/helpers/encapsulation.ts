/** SCTP over UDP (RFC 6951): which ports. */
import process from "node:process";
import type { Server } from "netsctp";
import { freeUdpPort } from "../../tools/free_udp_port.ts";
import { stack } from "./capabilities.ts";
import { setParameter, whyNotSettable } from "./kernel_parameters.ts";

/** The UDP port of this process's userspace stack. */
export const userspacePort = Number(process.env.NETSCTP_UDP_PORT || 9899);

/** Why the kernel's ports cannot be set here, if they cannot; Linux has them since 5.11. */
export const missing = whyNotSettable("udp_port", "encap_port");

/** Why packets of a test's own cannot reach this run's stack, if they cannot. */
export const noPackets = stack === "kernel" ? missing : undefined;

/** Lets packets of a test's own reach the servers of this run's stack that are opened afterwards. Returns what tells at
 * which UDP port each is reached. */
export async function openToPackets(): Promise<(server: Server) => number> {
  if (stack === "userspace") return (server) => server.udpPort!;
  const port = await freeUdpPort();
  setParameter("udp_port", port); // the kernel has one for all, which a socket takes when it is made
  return () => port;
}
