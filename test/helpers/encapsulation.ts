/** The kernel's SCTP over UDP (RFC 6951): which ports. */
import process from "node:process";
import { whyNotSettable } from "./kernel_parameters.ts";

/** The UDP port of this process's userspace stack. */
export const userspacePort = Number(process.env.NETSCTP_UDP_PORT || 9899);

/** Why the kernel's ports cannot be set here, if they cannot; Linux has them since 5.11. */
export const missing = whyNotSettable("udp_port", "encap_port");
