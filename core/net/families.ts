/** Which addresses can go together: one of IPv4 does not reach one of IPv6. */
import { canonicalAddress } from "../canonical_address.ts";

type Family = 4 | 6 | "both";

/** Those of the peer's addresses that one of the local ones can reach; all where none is given. */
export function reachable(remote: readonly string[], local: readonly string[]): readonly string[] {
  const families = local.map(familyOf);
  if (families.length === 0 || families.includes("both")) return remote;
  return remote.filter((address) => families.includes(familyOf(address)));
}

/** As a stack takes it: "::" stands for every address, and ::ffff:127.0.0.1 is one of IPv4. */
function familyOf(address: string): Family {
  const [canonical] = canonicalAddress(address).split("%") as [string];
  if (canonical === "::") return "both";
  return canonical.includes(":") && !/^::ffff:[^:]+:[^:]+$/.test(canonical) ? 6 : 4;
}
