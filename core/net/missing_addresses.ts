/**
 * Addresses that `remoteAddresses` named and that the association does not
 * have once it is up, so that it has fewer paths than its user expects. Both stacks leave
 * them out without a word (RFC 9260 section 5.1.2 has the peer name its own).
 */
import { canonicalAddress } from "../canonical_address.ts";
import type { AddressInfo } from "../shim/records.ts";

const PRIVATE_IPV4 = /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/;
const UNSPECIFIED = ["0.0.0.0", "::"];

const SCOPE = "A private IPv4 address is left out where the first address named is none: " +
  "name a private IPv4 address first, or on the kernel's stack set net.sctp.addr_scope_policy=0 at both ends";
const PEER = "The peer does not name it as its own";

/**
 * What to warn of, if one is missing.
 *
 * @param named in the order in which they were given
 * @param found those that the association has
 */
export function missingAddresses(
  named: readonly string[],
  port: number,
  found: readonly AddressInfo[],
): string | undefined {
  const has = new Set(found.map(({ address }) => canonical(address)));
  const wanted = [...new Set(named.map(canonical))].filter((one) => !UNSPECIFIED.includes(one));
  const missing = wanted.filter((one) => !has.has(one));
  if (missing.length === 0) return undefined;
  const isByScope = missing.some((one) => PRIVATE_IPV4.test(one)) && !PRIVATE_IPV4.test(wanted[0]!);
  return `The association with ${wanted[0]} port ${port} is up without ${missing.join(", ")}, ` +
    `which remoteAddresses has. ${isByScope ? SCOPE : PEER}`;
}

/** Without a zone, which the stack may name otherwise. */
const canonical = (address: string) => canonicalAddress(address).replace(/%.*$/, "");
