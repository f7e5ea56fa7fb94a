/**
 * node-lksctp's names, for its users: of options, of the state of an association, and of its paths. All other names are
 * RFC 6458's, and so are node-lksctp's fields of notifications (rfc_names.gen.ts).
 */
import type { AddressInfo, PathRecord, StatusRecord } from "./shim/records.ts";

// ---------------------------------------------------------------- options

/** Options whose 0 means "not given": it leaves the stack's own value. */
export const ZERO_IS_NONE: ReadonlySet<string> = new Set(["SACK_DELAY", "SACK_FREQUENCY"]);

/** Members of `sctp` that newer versions have at the top, too. These count only if `sctp` has none. */
export const ALSO_AT_TOP: readonly string[] = ["sack"];

/** Names that its first versions had, each with ours, for the error. */
export const FORMER_NAMES: ReadonlyMap<string, string> = new Map([
  ["options.sctp.sack_delay", "sack.delay"],
  ["options.sctp.sack_freq", "sack.freq"],
]);

// ---------------------------------------------------------------- states

/**
 * The state and the counters of an association (SCTP_STATUS, RFC 6458 section 8.2.1, and what Linux adds to it).
 * Undefined is what the kernel does not tell: where it has no `sctp_diag` module.
 */
export interface AssociationStatus {
  /** This end's verification tag. */
  tag: number | undefined;
  /** Linux's number on both stacks: 4 is established, 5 to 8 are the steps of a SHUTDOWN. */
  state: number;
  /** Bytes this end still takes: its receive window. */
  rwnd: number | undefined;
  /** DATA chunks sent and not acknowledged yet. */
  unackdata: number;
  /** DATA chunks that are missing: something behind them has come. */
  penddata: number;
  /** Streams the peer may send on. */
  numberOfIncomingStreams: number;
  /** Streams this end may send on. */
  numberOfOutgoingStreams: number;
  /** The most bytes of a message that go into one DATA chunk. */
  fragmentationPoint: number;
  /** Packets (Linux) or messages (userspace) received that the stack has yet to hand on. */
  incomingQueue: number | undefined;
  /** Chunks that wait to be sent for the first time. */
  outgoingQueue: number | undefined;
  /** Retransmissions in a row, over all paths. */
  overallError: number | undefined;
  /** Packets sent at once at most (SCTP_MAX_BURST). */
  maxBurst: number;
  /** The most bytes of a DATA chunk (SCTP_MAXSEG), 0 for no limit of its own. */
  maxSeg: number;
  /** What is known of the peer. */
  peer: {
    /** The peer's verification tag. */
    tag: number | undefined;
    /** Bytes the peer still takes. */
    rwnd: number | undefined;
    /** What the peer can, a bit each: 1 AUTH, 2 PR-SCTP, 4 ASCONF, 8 RE-CONFIG, 16 IPv6, 32 IPv4, 64 ECN, 128 I-DATA. */
    cap: number | undefined;
    /** SACKs to the peer, a bit each: 4 one is owed, 2 its generation, 1 it has announced a window of zero. */
    sack: number | undefined;
  };
}

/** The state of the path to one of the peer's addresses (SCTP_GET_PEER_ADDR_INFO, RFC 6458 section 8.2.2). */
export interface PeerInfo {
  /** Linux's number on both stacks: 0 inactive, 1 potentially failed, 2 active, 3 unconfirmed; 65535 unknown. */
  state: number;
  /** Congestion window, bytes. */
  cwnd: number;
  /** Smoothed round trip time, milliseconds. */
  srtt: number;
  /** Retransmission time-out, milliseconds. */
  rto: number;
  /** Path MTU, bytes. */
  mtu: number;
}

export function statusOf(record: StatusRecord): AssociationStatus {
  const ifKnown = (value: number) => record.known ? value : undefined;
  return {
    tag: ifKnown(record.tag),
    state: record.state,
    rwnd: ifKnown(record.rwnd),
    unackdata: record.unacknowledged,
    penddata: record.pending,
    numberOfIncomingStreams: record.inboundStreams,
    numberOfOutgoingStreams: record.outboundStreams,
    fragmentationPoint: record.fragmentationPoint,
    incomingQueue: ifKnown(record.incomingQueue),
    outgoingQueue: ifKnown(record.outgoingQueue),
    overallError: ifKnown(record.overallError),
    maxBurst: record.maxBurst,
    maxSeg: record.maxSegment,
    peer: {
      tag: ifKnown(record.peerTag),
      rwnd: ifKnown(record.peerRwnd),
      cap: ifKnown(record.peerCapabilities),
      sack: ifKnown(record.peerSack),
    },
  };
}

/** Each of the peer's addresses with the state of its path; undefined where that is not known. */
export function peerInfoByAddress(
  { remote, paths }: { readonly remote: readonly AddressInfo[]; readonly paths: readonly PathRecord[] },
): Record<string, PeerInfo | undefined> {
  const byAddress: Record<string, PeerInfo | undefined> = {};
  for (const { address } of remote) byAddress[address] = undefined;
  for (const path of paths) byAddress[path.address.text] = peerInfoOf(path);
  return byAddress;
}

function peerInfoOf({ state, cwnd, srttMs, rtoMs, mtu }: PathRecord): PeerInfo {
  return { state, cwnd, srtt: srttMs, rto: rtoMs, mtu };
}
