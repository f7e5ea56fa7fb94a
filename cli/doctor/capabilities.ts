/** What root may do and others may not (capabilities(7)), if this process is such a root. */
import type { System } from "./system.ts";

const NUMBERS = { CAP_NET_ADMIN: 12n, CAP_SYS_RESOURCE: 24n } as const;

const EVERY_UID = /^\s*0\s+0\s+4294967295\s*$/;

/** Whether this process has a capability over the machine. In a user namespace of its own, even root has none. */
export function hasCapability(system: System, name: keyof typeof NUMBERS): boolean {
  const isOwnNamespace = !EVERY_UID.test(system.read("/proc/self/uid_map") ?? "0 0 4294967295");
  if (isOwnNamespace) return false;
  const bits = /^CapEff:\s*([0-9a-f]+)$/m.exec(system.read("/proc/self/status") ?? "")?.[1] ?? "0";
  return (BigInt(`0x${bits}`) >> NUMBERS[name] & 1n) === 1n;
}
