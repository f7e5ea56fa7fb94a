/** What the shim has counted in this process. */

/** Running totals of the shim, each wrapping at 2^32. */
export interface Counters {
  /** From JavaScript into the library. */
  calls: number;
  /** From the library into JavaScript. */
  wakes: number;
  /** System calls that receive. */
  receiveSyscalls: number;
  /** System calls that send. */
  sendSyscalls: number;
  /** All other system calls. */
  otherSyscalls: number;
  /** Messages received, or pieces of them. */
  messagesIn: number;
  /** Messages that a stack has taken. */
  messagesOut: number;
  /** Sockets open now. */
  openHandles: number;
  /** ICMP errors about packets of ours (userspace stack). */
  icmpTaken: number;
  /** ICMP errors that proved to be about none of ours, or made no difference (userspace stack). */
  icmpIgnored: number;
  /** Packets the userspace stack dropped: their checksum was wrong. */
  damagedPackets: number;
  /** Packets the userspace stack dropped: they were malformed. */
  malformedPackets: number;
  /** INITs the userspace stack answered with an ABORT, as they were invalid. */
  refusedPackets: number;
  /** Packets the userspace stack dropped: they had another verification tag than their association. */
  foreignPackets: number;
  /** Packets the userspace stack dropped: their association is not in a state for them. */
  unwantedPackets: number;
}
