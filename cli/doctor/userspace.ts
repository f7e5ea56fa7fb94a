/** The userspace stack, and its UDP port. */
import type { Context } from "./context.ts";
import { type Finding, finding } from "./finding.ts";
import type { System } from "./system.ts";

export function userspace(context: Context): Finding[] {
  const { userspace: state, kernel } = context.stacks;
  if (!state.usable) {
    if (state.code !== "ERR_SCTP_UNAVAILABLE") return []; // the library's fault: told of elsewhere
    return [finding("userspace", kernel.usable ? "note" : "broken", state.reason)];
  }
  // Raw IP, where it would meet a loaded kernel module, is not compiled in.
  const data = { rawIp: "not compiled in: no conflict with the kernel's SCTP" };
  return [finding("userspace", "ok", "UDP sockets can be opened", { data }), ...port(context)];
}

function port({ system, udpPort }: Context): Finding[] {
  const taken = isTaken(system, udpPort);
  if (taken === undefined) return [];
  const data = { udpPort, taken };
  if (!taken) return [finding("userspace-port", "ok", `UDP port ${udpPort} is free`, { data })];
  if (system.read("/proc/sys/net/sctp/udp_port") === String(udpPort)) {
    return [
      finding("userspace-port", "ok", `UDP port ${udpPort} is the kernel's (net.sctp.udp_port)`, { data }),
    ];
  }
  const what =
    `UDP port ${udpPort} is taken: a server on the userspace stack needs another one, and its peers the same`;
  const cure = [`export NETSCTP_UDP_PORT=${udpPort === 9900 ? 9901 : 9900}`];
  return [finding("userspace-port", "note", what, { cure, data })];
}

/** Whether a process, or the kernel, has a UDP port; undefined where that cannot be told. */
function isTaken(system: System, udpPort: number): boolean | undefined {
  const tables = ["/proc/net/udp", "/proc/net/udp6"].map((path) => system.read(path));
  if (tables.every((table) => table === undefined)) return undefined;
  const hex = udpPort.toString(16).toUpperCase().padStart(4, "0");
  const local = new RegExp(`^ *\\d+: [0-9A-F]+:${hex} `, "m");
  return tables.some((table) => table !== undefined && local.test(table));
}
