/** Addresses of this end that come and go while an association is up (RFC 5061). */
import type { Addresses } from "./addresses.ts";
import { canonicalAddress } from "../canonical_address.ts";
import { ownSystemError, sctpError, unknownAddress } from "../errors.ts";
import type { Negotiation } from "./negotiation.ts";

/** The association whose addresses these are. */
interface LocalAddressPort {
  readonly addresses: Addresses;
  readonly negotiation: Negotiation;
}

/** Adds an address that this host has. */
export function addLocalAddress(association: LocalAddressPort, address: string): void {
  if (ownAddresses(association, address).includes(canonicalAddress(address))) {
    throw ownSystemError("EADDRINUSE", "bind", { address, detail: "it is an address of this end already" });
  }
  association.addresses.changeLocal(address, "add");
}

/** Removes an address; another one has to stay. */
export function removeLocalAddress(association: LocalAddressPort, address: string): void {
  const own = ownAddresses(association, address);
  if (!own.includes(canonicalAddress(address))) throw unknownAddress("address", address, own, "this end's");
  if (own.length === 1) {
    throw sctpError(
      "ERR_SCTP_LAST_ADDRESS",
      `${address} is the only address that this end has: add another one before it is removed`,
    );
  }
  association.addresses.changeLocal(address, "remove");
}

function ownAddresses({ addresses, negotiation }: LocalAddressPort, address: string): string[] {
  addresses.requireChangeable("bind", address);
  negotiation.require("dynamicAddresses");
  return addresses.local.map(({ address }) => address);
}
