/** What a message asks for that its association, or the stack that serves it, does not have. */
import { canonicalAddress } from "../canonical_address.ts";
import { unknownAddress } from "../errors.ts";
import { unsupportedFeature } from "../options/features.ts";
import type { Stack } from "../shim/native.ts";
import { type OutboundExtra, POLICY } from "../shim/records.ts";

/** `ERR_SCTP_UNSUPPORTED`, where the stack does not have what a message asks for. */
export function unsupportedExtra(extra: OutboundExtra | undefined, stack: Stack): Error | undefined {
  if (extra === undefined) return undefined;
  if (extra.policy === POLICY.PRIORITY) return unsupportedFeature("send.priority", stack);
  return extra.keyNumber === undefined ? undefined : unsupportedFeature("send.key", stack);
}

/** `ERR_SCTP_UNKNOWN_ADDRESS`, where the peer does not have the address that a message is to go to. */
export function unknownDestination(
  { destination }: OutboundExtra,
  remote: readonly { readonly address: string }[],
): Error | undefined {
  if (destination === undefined) return undefined;
  const addresses = remote.map(({ address }) => address);
  if (addresses.includes(canonicalAddress(destination))) return undefined;
  return unknownAddress("destination", destination, addresses);
}
