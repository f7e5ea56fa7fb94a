/** Which addresses can go together, as one of IPv4 does not reach one of IPv6, and which are blocked. */
import type { BlockList } from "node:net";
import { canonicalAddress, familyOf } from "../canonical_address.ts";
import { calling } from "../exceptions.ts";

/** Selects the peer's addresses that one of the local ones can reach: all where no local one is given. */
export function reachable(remote: readonly string[], local: readonly string[]): readonly string[] {
  if (local.length === 0 || local.some(isAny)) return remote;
  const families = local.map(familyOf);
  return remote.filter((address) => families.includes(familyOf(address)));
}

/** Whether it stands for every address of both families. */
const isAny = (address: string) => /^::(%|$)/.test(canonicalAddress(address));

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
