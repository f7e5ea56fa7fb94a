/** Sets of options for what SCTP is mostly used for. Data only; docs/tuning.md says how long a failure takes with each. */
import type { SctpOptions } from "./sctp_options.ts";

/** The names of the sets of options. */
export type Preset = "stack" | "lan-signalling" | "wan-signalling" | "diameter" | "ngap";

export const PRESETS: Readonly<Record<Preset, Omit<SctpOptions, "preset">>> = {
  stack: {},
  // Within a site. What waits longer than 400 ms is lost.
  "lan-signalling": {
    init: { attempts: 4, timeout: 500 },
    streams: { outbound: 10, inbound: 10 },
    rto: { initial: 300, min: 100, max: 400 },
    retransmissions: { path: 4 },
    heartbeat: 1000,
    sack: { delay: 20 },
  },
  "wan-signalling": {
    init: { attempts: 4, timeout: 3000 },
    streams: { outbound: 10, inbound: 10 },
    rto: { initial: 1000, min: 300, max: 3000 },
    retransmissions: { path: 3 },
    heartbeat: 5000,
  },
  // What freeDiameter sets.
  diameter: {
    init: { attempts: 3, timeout: 10000 },
    streams: { outbound: 30, inbound: 30 },
    rto: { initial: 3000, min: 1000, max: 5000 },
    retransmissions: { path: 4 },
    heartbeat: 6000,
  },
  // What Open5GS sets, and a SACK that comes before a gNB sends again.
  ngap: {
    init: { attempts: 4, timeout: 8000 },
    streams: { outbound: 30, inbound: 30 },
    rto: { initial: 3000, min: 1000, max: 5000 },
    retransmissions: { path: 5 },
    heartbeat: 5000,
    sack: { delay: 40 },
  },
};
