import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import process from "node:process";

// Below the ports that the kernel hands out to whoever wants any (ip_local_port_range): whoever has given its port up for
// a moment must find it free again.
const FIRST = 10_000, LAST = 32_767;

/** Those that were given may be closed just now, and are still somebody's. */
const given = new Set<number>();

/**
 * A UDP port for the two ends of an association in userspace, which must agree on it before one of them is there, and
 * for ports of the kernel's. An end that listens alone takes `udpPort: 0`. It is never that of NETSCTP_UDP_PORT.
 */
export async function freeUdpPort(): Promise<number> {
  for (;;) {
    const chosen = randomInt(FIRST, LAST + 1);
    if (given.has(chosen) || chosen === Number(process.env.NETSCTP_UDP_PORT)) continue;
    given.add(chosen);
    const socket = createSocket("udp4").bind(chosen);
    try {
      await once(socket, "listening");
      return chosen;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    } finally {
      socket.close();
      await once(socket, "close");
    }
  }
}
