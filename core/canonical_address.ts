/** One text for each address, however it was written. */

/** IPv6 as RFC 5952 has it, an IPv4-mapped address as the IPv4 address, a zone as it was given. */
export function canonicalAddress(address: string): string {
  const [text, zone] = address.replace(/^::ffff:(?=[0-9.]+$)/i, "").split("%") as [string, string?];
  if (!text.includes(":")) return text;
  const canonical = new URL(`http://[${text}]`).hostname.slice(1, -1);
  return zone === undefined ? canonical : `${canonical}%${zone}`;
}
