/** One text for each address, however it was written, and the IP version that a stack takes it for. */

const MAPPED = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/; // as URL writes it

/** IPv6 as RFC 5952 has it, with a zone as it was given; an IPv4-mapped address as the IPv4 address. */
export function canonicalAddress(address: string): string {
  if (!address.includes(":")) return address;
  const [text, zone] = address.split("%") as [string, string?];
  const canonical = new URL(`http://[${text}]`).hostname.slice(1, -1);
  const mapped = MAPPED.exec(canonical);
  if (mapped) return mapped.slice(1).map(twoBytes).join(".");
  return zone === undefined ? canonical : `${canonical}%${zone}`;
}

/** `7f00` as `127.0`. */
function twoBytes(hex: string): string {
  const value = parseInt(hex, 16);
  return `${value >> 8}.${value & 0xff}`;
}

/** An IPv4-mapped address is one of IPv4: both stacks send IPv4 to it. */
export function familyOf(address: string): 4 | 6 {
  return canonicalAddress(address).includes(":") ? 6 : 4;
}
