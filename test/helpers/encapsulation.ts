/** The kernel's SCTP over UDP (RFC 6951): two parameters of the network namespace, put back afterwards. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { accessSync, constants, readFileSync, writeFileSync } from "node:fs";
import process from "node:process";

const FOLDER = "/proc/sys/net/sctp";

/** The UDP port of this process's userspace stack. */
export const userspacePort = Number(process.env.NETSCTP_UDP_PORT || 9899);

/** Why the parameters cannot be set here, if they cannot. */
export const missing = reasonWhyNot();

function reasonWhyNot(): string | undefined {
  for (const name of ["udp_port", "encap_port"]) {
    try {
      accessSync(`${FOLDER}/${name}`, constants.W_OK);
    } catch {
      return `net.sctp.${name} cannot be set: that needs root and Linux 5.11 or newer`;
    }
  }
}

/** Sets a parameter of the kernel's SCTP until the test's process ends. */
export function setParameter(name: "udp_port" | "encap_port", value: number): void {
  const path = `${FOLDER}/${name}`;
  const before = readFileSync(path, "utf8");
  writeFileSync(path, String(value));
  process.once("exit", () => writeFileSync(path, before));
}

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
