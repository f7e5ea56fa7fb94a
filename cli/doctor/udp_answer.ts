/** Whether a host says that nobody has a UDP port: an empty datagram, which no SCTP takes for a packet. */
import { createSocket } from "node:dgram";
import { isIPv6 } from "../../mod.ts";

const LIMIT_MS = 1000;

export function udpAnswer(host: string, port: number): Promise<"unreachable" | "silence" | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket(isIPv6(host) ? "udp6" : "udp4");
    const end = (answer: "unreachable" | "silence" | undefined) => {
      clearTimeout(limit);
      socket.off("error", fail).on("error", () => {}).close();
      resolve(answer);
    };
    const fail = (error: NodeJS.ErrnoException) =>
      end(error.code === "ECONNREFUSED" ? "unreachable" : undefined);
    const limit = setTimeout(end, LIMIT_MS, "silence");
    socket.on("error", fail);
    try {
      // Only a connected socket is told what ICMP says.
      socket.connect(port, host, (error?: Error) => error ? end(undefined) : socket.send(new Uint8Array()));
    } catch {
      end(undefined); // a runtime that cannot, or may not
    }
  });
}
