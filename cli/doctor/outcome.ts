/** What became of an INIT, in words. */
import type { SystemError } from "../../mod.ts";

export interface Circumstances {
  port: number;
  timeoutMs: number;
  /** Whether this machine knows a way: the kernel itself says nothing where there is none. */
  hasRoute: boolean;
}

const NO_UDP_PORT =
  "nobody has that UDP port: the host says so (ICMP), it does not speak SCTP over UDP there";

const UNREACHABLE =
  "no way to the host: there is no route, or a router says that it cannot be reached (ICMP)";

export function outcomeInWords(
  { code, message, udpPort }: Pick<SystemError, "code" | "message" | "udpPort">,
  { port, timeoutMs, hasRoute }: Circumstances,
): string {
  switch (code) {
    case "ECONNREFUSED":
      if (udpPort !== undefined) return NO_UDP_PORT;
      return `refused: the host answers with ABORT, so nobody listens on SCTP port ${port} there`;
    case "ETIMEDOUT":
      if (!hasRoute) return UNREACHABLE;
      return `silence for ${
        timeoutMs / 1000
      } s: INIT is filtered on the way, or there is no such host, or it has no SCTP`;
    case "ENOPROTOOPT":
    case "EPROTO":
      return "the host has no SCTP: it says that it does not know the protocol (ICMP)";
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return UNREACHABLE;
    case "ECONNRESET":
      return "the association was aborted as soon as it was up";
    default:
      return message;
  }
}
