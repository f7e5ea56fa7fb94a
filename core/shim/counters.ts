/** What the shim has counted in this process. */
import { COUNTERS_RECORD } from "./layout.gen.ts";
import type { Slab } from "./records.ts";

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

export const COUNTERS_SIZE = COUNTERS_RECORD.SIZE;

export function readCounters(slab: Slab): Counters {
  const u32 = (field: number) => slab.u32[field >> 2]!;
  return {
    calls: u32(COUNTERS_RECORD.calls),
    wakes: u32(COUNTERS_RECORD.wakes),
    receiveSyscalls: u32(COUNTERS_RECORD.receive_syscalls),
    sendSyscalls: u32(COUNTERS_RECORD.send_syscalls),
    otherSyscalls: u32(COUNTERS_RECORD.other_syscalls),
    messagesIn: u32(COUNTERS_RECORD.messages_in),
    messagesOut: u32(COUNTERS_RECORD.messages_out),
    openHandles: u32(COUNTERS_RECORD.open_handles),
    icmpTaken: u32(COUNTERS_RECORD.icmp_taken),
    icmpIgnored: u32(COUNTERS_RECORD.icmp_ignored),
    damagedPackets: u32(COUNTERS_RECORD.damaged_packets),
    malformedPackets: u32(COUNTERS_RECORD.malformed_packets),
    refusedPackets: u32(COUNTERS_RECORD.refused_packets),
    foreignPackets: u32(COUNTERS_RECORD.foreign_packets),
    unwantedPackets: u32(COUNTERS_RECORD.unwanted_packets),
  };
}
