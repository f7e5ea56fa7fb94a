/** What an end of an association can, of `status().peer.cap`. */

const BITS: [bit: number, name: string][] = [
  [1, "AUTH"],
  [2, "PR-SCTP"],
  [4, "ASCONF"],
  [8, "RE-CONFIG"],
  [16, "IPv6"],
  [32, "IPv4"],
  [64, "ECN"],
  [128, "I-DATA"],
];

export function extensionsOf(cap: number | undefined): string[] | undefined {
  if (cap === undefined) return undefined;
  return BITS.filter(([bit]) => cap & bit).map(([, name]) => name);
}
