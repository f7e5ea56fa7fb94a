// GENERATED from c/sctp_options.def by tools/gen_options.ts: do not edit, run `npm run format` instead.

/** Every option: what users call it, what it may be, and what it is of. */
export const OPTIONS = {
  NO_DELAY: { path: "noDelay", least: 0, most: 1, scope: "association" },
  OUTBOUND_STREAMS: { path: "OS", least: 1, most: 65535, scope: "association" },
  INBOUND_STREAMS: { path: "MIS", least: 1, most: 65535, scope: "association" },
  INIT_ATTEMPTS: { path: "", least: 1, most: 65535, scope: "association" },
  INIT_TIMEOUT: { path: "", least: 1, most: 65535, scope: "association" },
  RTO_INITIAL: { path: "sctp.rto.initial", least: 1, most: 2147483647, scope: "association" },
  SACK_DELAY: { path: "sctp.sack.delay", least: 0, most: 500, scope: "association" },
  SACK_FREQUENCY: { path: "sctp.sack.freq", least: 1, most: 65535, scope: "association" },
  SEND_BUFFER: { path: "sendBufferSize", least: 1, most: 1073741823, scope: "association" },
  RECEIVE_BUFFER: { path: "recvBufferSize", least: 1, most: 1073741823, scope: "association" },
  BACKLOG: { path: "backlog", least: 0, most: 2147483647, scope: "endpoint" },
  IPV6_ONLY: { path: "ipv6Only", least: 0, most: 1, scope: "endpoint" },
  LOCAL_UDP_PORT: { path: "localUdpPort", least: 0, most: 65535, scope: "association" },
  REMOTE_UDP_PORT: { path: "udpPort", least: 0, most: 65535, scope: "association" },
  HEARTBEAT: { path: "keepAlive", least: 0, most: 1, scope: "association" },
  HEARTBEAT_INTERVAL: { path: "keepAliveInitialDelay", least: 1, most: 2147483647, scope: "association" },
  EVENT: { path: "", least: 0, most: 1, scope: "key" },
  SOFT_ERROR: { path: "", least: 0, most: 0, scope: "association" },
} as const;
