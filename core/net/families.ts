/** Which addresses can go together, as one of IPv4 does not reach one of IPv6, and which are blocked. */
import type { BlockList } from "node:net";
import { canonicalAddress } from "../canonical_address.ts";
import { calling } from "../exceptions.ts";

type Family = 4 | 6 | "both";

/** Selects the peer's addresses that one of the local ones can reach: all where no local one is given. */
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

/** The first of the addresses that a list blocks. Where the user's list throws, the first of all counts as blocked. */
export function blockedOne(
  blockList: BlockList | undefined,
  addresses: readonly string[],
): string | undefined {
  if (blockList === undefined) return undefined;
  let found = addresses[0];
  calling(() => {
    found = addresses.find((one) => blockList.check(one, one.includes(":") ? "ipv6" : "ipv4"));
  });
  return found;
}
