/** The paths of an association, one to each address of the peer: how they are, what changes, and what they can be told. */
import type { Addresses } from "./addresses.ts";
import { canonicalAddress } from "../canonical_address.ts";
import { ownSystemError, unknownAddress } from "../errors.ts";
import type { Negotiation } from "./negotiation.ts";
import type { DecodedNotification } from "../notifications/decode.ts";
import {
  type NumberedOption,
  OPTION,
  PATH_STATUS,
  type PathRecord,
  type PathState,
  type Request,
} from "../shim/records.ts";

/** A path to one of the peer's addresses, as it was when it was asked for (RFC 6458 section 8.2.2). */
export interface Path {
  /** The peer's address. */
  address: string;
  /** "inactive": it does not answer. "potentially-failed": it did not just now (RFC 7829). "unconfirmed": the peer has yet
   * to show that the address is its own (RFC 9260 section 5.4). */
  state: "active" | "inactive" | "potentially-failed" | "unconfirmed";
  /** Whether messages go there, as long as it works. */
  isPrimary: boolean;
  /** Smoothed round trip time, milliseconds; 0 before one was measured. In the kernel in steps of its clock, 1 to 10 ms. */
  srtt: number;
  /** Retransmission timeout, milliseconds. */
  rto: number;
  /** Congestion window, bytes. */
  cwnd: number;
  /** Path MTU, bytes: the size of a whole IP packet. */
  mtu: number;
  /** Milliseconds between heartbeats, false: there are none. */
  heartbeat: number | false;
  /** Retransmissions in a row after which it is inactive (Path.Max.Retrans). */
  maxRetransmissions: number;
}

/** What has become of a path (SCTP_PEER_ADDR_CHANGE, RFC 6458 section 6.1.2; RFC 7829 section 7.2). */
export type PathChange =
  | "available"
  | "unreachable"
  | "confirmed"
  | "potentially-failed"
  | "primary"
  | "added"
  | "removed";

const CHANGES: Readonly<Record<PathState, PathChange>> = {
  "available": "available",
  "unreachable": "unreachable",
  "confirmed": "confirmed",
  "potentially-failed": "potentially-failed",
  "made-primary": "primary",
  "added": "added",
  "removed": "removed",
};

const STATES: Readonly<Record<number, Path["state"]>> = {
  [PATH_STATUS.ACTIVE]: "active",
  [PATH_STATUS.INACTIVE]: "inactive",
  [PATH_STATUS.POTENTIALLY_FAILED]: "potentially-failed",
  [PATH_STATUS.UNCONFIRMED]: "unconfirmed",
};

/** Sets options that are about addresses of one end, which the rows name by their place among them, from 1 on. */
type Configure = (options: readonly NumberedOption[], about: Pick<Request, "local" | "remote">) => void;

export class Paths {
  readonly #addresses: Addresses;
  readonly #negotiation: Negotiation;
  readonly #configure: Configure;

  constructor(addresses: Addresses, negotiation: Negotiation, configure: Configure) {
    this.#addresses = addresses;
    this.#negotiation = negotiation;
    this.#configure = configure;
  }

  /** All of them, the primary one first; none while there is no association. */
  list(): Path[] {
    return this.#addresses.paths.flatMap((record, i) => {
      const state = STATES[record.state];
      return state === undefined ? [] : [pathOf(record, state, i === 0)];
    });
  }

  /** The path that a notification is about, as it is now, and what has become of it; undefined where it is about none. */
  changed({ content }: DecodedNotification): [Path, PathChange] | undefined {
    if (content.type !== "path-change" || content.state === "unknown" || content.address === null) {
      return undefined;
    }
    const { address } = content.address;
    const path = this.list().find((path) => path.address === address);
    return [path ?? goneTo(address), CHANGES[content.state]];
  }

  /** Sets options of one path. */
  configure(address: string, options: readonly NumberedOption[]): void {
    const path = this.#find(address);
    if (options.length === 0) return;
    this.#configure(options.map(([name, value]) => [name, value, 1]), { remote: [endpointOf(path)] });
  }

  /** Sends a heartbeat to one address of the peer, or to each. */
  sendHeartbeat(address?: string): void {
    const paths = address === undefined ? this.list() : [this.#find(address)];
    this.#configure(paths.map((_, i) => [OPTION.SEND_HEARTBEAT, 0, i + 1]), {
      remote: paths.map(endpointOf),
    });
  }

  /** Has messages go there from now on. */
  setPrimary(address: string): void {
    const path = this.#find(address);
    if (path.state === "unconfirmed") {
      const detail = "the peer has not confirmed it yet: wait for its event 'path' with \"confirmed\"";
      throw ownSystemError("EINVAL", "setsockopt", { address: path.address, detail });
    }
    this.#configure([[OPTION.PRIMARY, 0, 1]], { remote: [endpointOf(path)] });
    this.#addresses.forgetRemote(); // whose order has changed
  }

  /** Asks the peer to send to one of this end's addresses from now on. */
  requestPrimary(address: string): void {
    this.#addresses.requireChangeable("setsockopt", address);
    this.#negotiation.require("dynamicAddresses");
    const local = theOne(this.#addresses.local, address, "this end's");
    this.#configure([[OPTION.REQUEST_PRIMARY, 0, 1]], { local: [local] });
  }

  #find(address: string): Path {
    return theOne(this.list(), address);
  }
}

/** The one with an address, however that is written. */
function theOne<T extends { readonly address: string }>(
  all: readonly T[],
  address: string,
  whose?: "this end's",
): T {
  const canonical = canonicalAddress(address);
  const found = all.find((one) => one.address === canonical);
  if (found !== undefined) return found;
  throw unknownAddress("address", address, all.map((one) => one.address), whose);
}

/** The shim knows the peer's port. */
const endpointOf = ({ address }: Path) => ({ address, port: 0 });

function pathOf(record: PathRecord, state: Path["state"], isPrimary: boolean): Path {
  const { address, srttMs, rtoMs, cwnd, mtu, heartbeatMs, maxRetransmissions } = record;
  return {
    address: address.text,
    state,
    isPrimary,
    srtt: srttMs,
    rto: rtoMs,
    cwnd,
    mtu,
    heartbeat: heartbeatMs || false,
    maxRetransmissions,
  };
}

/** A path that there is no more. */
function goneTo(address: string): Path {
  return {
    address,
    state: "inactive",
    isPrimary: false,
    srtt: 0,
    rto: 0,
    cwnd: 0,
    mtu: 0,
    heartbeat: false,
    maxRetransmissions: 0,
  };
}
