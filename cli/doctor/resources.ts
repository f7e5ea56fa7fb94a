/** What runs out with many associations. */
import { hasCapability } from "./capabilities.ts";
import type { Context } from "./context.ts";
import { type Finding, finding } from "./finding.ts";

const FEW_FILES = 4096;
const BACKLOG = 511; // what listen() asks for
const FEW_PORTS = 10_000;

export function resources(context: Context): Finding[] {
  return [...openFiles(context), ...backlog(context), ...ports(context), ...associations(context)];
}

function openFiles({ system }: Context): Finding[] {
  const [, soft, hard] = /^Max open files +(\w+) +(\w+)/m.exec(system.read("/proc/self/limits") ?? "") ?? [];
  if (soft === undefined || hard === undefined) return [];
  const data = { soft, hard };
  if (soft === "unlimited" || Number(soft) >= FEW_FILES) {
    return [finding("open-files", "ok", `${soft} open files`, { data })];
  }
  // Node, Deno and Bun have already raised theirs to the hard limit.
  const what = `${soft} open files: in the kernel each association is one`;
  const cure = [
    hasCapability(system, "CAP_SYS_RESOURCE")
      ? "ulimit -n 65536"
      : "# in the service's unit: LimitNOFILE=65536",
  ];
  return [finding("open-files", "note", what, { cure, data })];
}

function backlog({ system, distribution }: Context): Finding[] {
  const text = system.read("/proc/sys/net/core/somaxconn");
  if (text === undefined) return [];
  const limit = Number(text);
  const data = { somaxconn: limit };
  if (limit >= BACKLOG) {
    return [finding("backlog", "ok", `${limit} connections may wait to be accepted`, { data })];
  }
  const what = `net.core.somaxconn is ${limit}: of a burst of connections, more are refused`;
  return [
    finding("backlog", "note", what, {
      cure: [distribution.asRoot("sysctl -w net.core.somaxconn=4096")],
      data,
    }),
  ];
}

function ports({ system, distribution }: Context): Finding[] {
  const text = system.read("/proc/sys/net/ipv4/ip_local_port_range");
  if (text === undefined) return [];
  const [first, last] = text.split(/\s+/).map(Number) as [number, number];
  const count = last - first + 1;
  const data = { first, last };
  if (count >= FEW_PORTS) return [finding("ports", "ok", `${count} ports, ${first} to ${last}`, { data })];
  const cure = [distribution.asRoot('sysctl -w net.ipv4.ip_local_port_range="32768 60999"')];
  return [finding("ports", "note", `only ${count} ports, ${first} to ${last}`, { cure, data })];
}

function associations({ system }: Context): Finding[] {
  const established = counterOf(system.read("/proc/net/sctp/snmp"), "SctpCurrEstab");
  if (established === undefined) return [];
  return [finding("associations", "ok", `${established} in the kernel now`, { data: { established } })];
}

/** A counter of /proc/net/sctp/snmp. */
export function counterOf(snmp: string | undefined, name: string): number | undefined {
  const value = new RegExp(`^${name}\\s+(\\d+)`, "m").exec(snmp ?? "")?.[1];
  return value === undefined ? undefined : Number(value);
}
