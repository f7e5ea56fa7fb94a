// GENERATED from c/sctp_options.def by tools/gen_options.ts: do not edit, run `npm run format` instead.

/** Every option: what users call it, what it may be, when it may be set, and what it is of. */
export const OPTIONS = {
  NO_DELAY: { path: "noDelay", kind: "number", least: 0, most: 1, when: "live", scope: "association" },
  OUTBOUND_STREAMS: { path: "OS", kind: "number", least: 1, most: 65535, when: "before", scope: "association" },
  INBOUND_STREAMS: { path: "MIS", kind: "number", least: 1, most: 65535, when: "before", scope: "association" },
  INIT_ATTEMPTS: { path: "", kind: "number", least: 1, most: 65535, when: "before", scope: "association" },
  INIT_TIMEOUT: { path: "", kind: "number", least: 1, most: 65535, when: "before", scope: "association" },
  RTO_INITIAL: { path: "sctp.rto.initial", kind: "number", least: 1, most: 2147483647, when: "live", scope: "association" },
  SACK_DELAY: { path: "sctp.sack.delay", kind: "number", least: 1, most: 500, when: "live", scope: "association" },
  SACK_FREQUENCY: { path: "sctp.sack.freq", kind: "number", least: 1, most: 65535, when: "live", scope: "association" },
  SEND_BUFFER: { path: "sendBufferSize", kind: "number", least: 1, most: 1073741823, when: "live", scope: "association" },
  RECEIVE_BUFFER: { path: "recvBufferSize", kind: "number", least: 1, most: 1073741823, when: "live", scope: "association" },
  BACKLOG: { path: "backlog", kind: "number", least: 1, most: 2147483647, when: "before", scope: "endpoint" },
  IPV6_ONLY: { path: "ipv6Only", kind: "number", least: 0, most: 1, when: "before", scope: "endpoint" },
  LOCAL_UDP_PORT: { path: "localUdpPort", kind: "number", least: 0, most: 65535, when: "before", scope: "association" },
  REMOTE_UDP_PORT: { path: "udpPort", kind: "number", least: 0, most: 65535, when: "before", scope: "association" },
  HEARTBEAT: { path: "keepAlive", kind: "number", least: 0, most: 1, when: "live", scope: "association" },
  HEARTBEAT_INTERVAL: { path: "keepAliveInitialDelay", kind: "number", least: 1, most: 14400000, when: "live", scope: "association" },
  EVENT: { path: "", kind: "number", least: 0, most: 1, when: "live", scope: "key" },
  SOFT_ERROR: { path: "", kind: "number", least: 0, most: 0, when: "read", scope: "association" },
} as const;
