/** The kernel's SCTP over UDP (RFC 6951): which ports. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import process from "node:process";
import { whyNotSettable } from "./kernel_parameters.ts";

/** The UDP port of this process's userspace stack. */
export const userspacePort = Number(process.env.NETSCTP_UDP_PORT || 9899);

/** Why the kernel's ports cannot be set here, if they cannot; Linux has them since 5.11. */
export const missing = whyNotSettable("udp_port", "encap_port");

/** A UDP port that nobody has, and that is not the userspace stack's. */
export async function freeUdpPort(): Promise<number> {
  for (;;) {
    const socket = createSocket("udp6").bind(0);
    await once(socket, "listening");
    const { port } = socket.address();
    socket.close();
    await once(socket, "close");
    if (port !== userspacePort) return port;
  }
}
