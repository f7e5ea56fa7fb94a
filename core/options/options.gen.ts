// GENERATED from c/sctp_options.def by tools/gen_options.ts: do not edit, run `npm run format` instead.

/** Every option: what users call it, what it may be, when it may be set, and what it is of. */
export const OPTIONS = {
  NO_DELAY: { path: "noDelay", kind: "switch", least: 0, most: 1, when: "live", scope: "association" },
  OUTBOUND_STREAMS: { path: "OS", kind: "number", least: 1, most: 65535, when: "before", scope: "association" },
  INBOUND_STREAMS: { path: "MIS", kind: "number", least: 1, most: 65535, when: "before", scope: "association" },
  INIT_ATTEMPTS: { path: "sctp.init.attempts", kind: "number", least: 1, most: 65535, when: "before", scope: "association" },
  INIT_TIMEOUT: { path: "sctp.init.timeout", kind: "number", least: 1, most: 65535, when: "before", scope: "association" },
  RTO_INITIAL: { path: "sctp.rto.initial", kind: "number", least: 1, most: 2147483647, when: "live", scope: "association" },
  RTO_MIN: { path: "sctp.rto.min", kind: "number", least: 1, most: 2147483647, when: "live", scope: "association" },
  RTO_MAX: { path: "sctp.rto.max", kind: "number", least: 1, most: 2147483647, when: "live", scope: "association" },
  ASSOCIATION_RETRANSMISSIONS: { path: "sctp.retransmissions.association", kind: "number", least: 1, most: 65535, when: "live", scope: "association" },
  PATH_RETRANSMISSIONS: { path: "sctp.retransmissions.path", kind: "number", least: 1, most: 65535, when: "live", scope: "path" },
  POTENTIALLY_FAILED: { path: "sctp.retransmissions.potentiallyFailed", kind: "number", least: 0, most: 65535, when: "live", scope: "path" },
  PRIMARY_SWITCHOVER: { path: "sctp.retransmissions.primarySwitchover", kind: "number", least: 0, most: 65535, when: "live", scope: "path" },
  COOKIE_LIFE: { path: "sctp.cookieLife", kind: "number", least: 1000, most: 3600000, when: "live", scope: "association" },
  SACK_DELAY: { path: "sctp.sack.delay", kind: "number", least: 1, most: 500, when: "live", scope: "association" },
  SACK_FREQUENCY: { path: "sctp.sack.freq", kind: "number", least: 1, most: 65535, when: "live", scope: "association" },
  SEND_BUFFER: { path: "sendBufferSize", kind: "number", least: 1, most: 1073741823, when: "live", scope: "association" },
  RECEIVE_BUFFER: { path: "recvBufferSize", kind: "number", least: 1, most: 1073741823, when: "live", scope: "association" },
  BACKLOG: { path: "backlog", kind: "number", least: 1, most: 2147483647, when: "before", scope: "endpoint" },
  IPV6_ONLY: { path: "ipv6Only", kind: "switch", least: 0, most: 1, when: "before", scope: "endpoint" },
  LOCAL_UDP_PORT: { path: "localUdpPort", kind: "number", least: 0, most: 65535, when: "before", scope: "association" },
  REMOTE_UDP_PORT: { path: "udpPort", kind: "number", least: 0, most: 65535, when: "live", scope: "path" },
  HEARTBEAT: { path: "keepAlive", kind: "switch", least: 0, most: 1, when: "live", scope: "path" },
  HEARTBEAT_INTERVAL: { path: "sctp.heartbeat", kind: "number", least: 1, most: 14400000, when: "live", scope: "path" },
  SEND_HEARTBEAT: { path: "", kind: "verb", least: 0, most: 0, when: "now", scope: "path" },
  PRIMARY: { path: "", kind: "verb", least: 0, most: 0, when: "now", scope: "path" },
  REQUEST_PRIMARY: { path: "", kind: "verb", least: 0, most: 0, when: "now", scope: "local" },
  PATH_MTU: { path: "sctp.pathMtu", kind: "number", least: 576, most: 65535, when: "live", scope: "path" },
  PROBE_INTERVAL: { path: "sctp.pathMtu.probeInterval", kind: "number", least: 5000, most: 2147483647, when: "live", scope: "path" },
  DSCP: { path: "sctp.dscp", kind: "number", least: 0, most: 63, when: "live", scope: "path" },
  FLOW_LABEL: { path: "sctp.flowLabel", kind: "number", least: 0, most: 1048575, when: "live", scope: "path" },
  MAX_BURST: { path: "sctp.maxBurst", kind: "number", least: 0, most: 65535, when: "live", scope: "association" },
  MAX_SEGMENT: { path: "sctp.maxSegment", kind: "number", least: 0, most: 65519, when: "live", scope: "association" },
  PARTIAL_RELIABILITY: { path: "sctp.partialReliability", kind: "switch", least: 0, most: 1, when: "before", scope: "association" },
  ECN: { path: "sctp.ecn", kind: "switch", least: 0, most: 1, when: "before", scope: "association" },
  ADAPTATION: { path: "sctp.adaptation", kind: "word", least: 0, most: 4294967295, when: "before", scope: "association" },
  AUTHENTICATION: { path: "sctp.auth", kind: "switch", least: 0, most: 1, when: "before", scope: "association" },
  AUTH_HMACS: { path: "sctp.auth.hmacs", kind: "bytes", least: 2, most: 4, when: "before", scope: "association" },
  AUTH_CHUNK: { path: "sctp.auth.chunks", kind: "verb", least: 0, most: 0, when: "before", scope: "chunk" },
  AUTH_KEY: { path: "sctp.auth.keys", kind: "bytes", least: 1, most: 65535, when: "live", scope: "key" },
  AUTH_ACTIVE_KEY: { path: "sctp.auth.active", kind: "number", least: 0, most: 65535, when: "live", scope: "association" },
  DEACTIVATE_AUTH_KEY: { path: "", kind: "verb", least: 0, most: 0, when: "now", scope: "key" },
  DELETE_AUTH_KEY: { path: "", kind: "verb", least: 0, most: 0, when: "live", scope: "key" },
  DYNAMIC_ADDRESSES: { path: "sctp.dynamicAddresses", kind: "switch", least: 0, most: 1, when: "before", scope: "association" },
  ADD_ADDRESS: { path: "", kind: "verb", least: 0, most: 0, when: "now", scope: "local" },
  REMOVE_ADDRESS: { path: "", kind: "verb", least: 0, most: 0, when: "now", scope: "local" },
  EVENT: { path: "", kind: "switch", least: 0, most: 1, when: "live", scope: "key" },
  SOFT_ERROR: { path: "", kind: "number", least: 0, most: 0, when: "read", scope: "association" },
  OUTSTANDING: { path: "", kind: "number", least: 0, most: 2147483647, when: "read", scope: "association" },
  ACKNOWLEDGED: { path: "", kind: "word", least: 0, most: 4294967295, when: "read", scope: "association" },
  GIVE_UP: { path: "", kind: "verb", least: 0, most: 0, when: "now", scope: "association" },
  RECONFIGURATION: { path: "", kind: "switch", least: 0, most: 1, when: "read", scope: "association" },
  INTERLEAVING: { path: "", kind: "switch", least: 0, most: 1, when: "read", scope: "association" },
} as const;

/** What is no option: under the name of a stack that lacks it, what to do there. */
export const FEATURES = {
  "send.unordered": {},
  "send.timeToLive": {},
  "send.maxRetransmits": {},
  "send.priority": { userspace: "give timeToLive or maxRetransmits, or use the kernel's stack" },
  "send.sackImmediately": {},
  "send.destination": {},
  "send.context": {},
  "send.key": { userspace: "activate the key for all that follows, or use the kernel's stack" },
  "abort.reason": { kernel: "abort without a reason, or use the userspace stack" },
  "sctp.auth.chunks.cookieEcho": { kernel: "leave 10 out, or use the userspace stack" },
  "sctp.stallTimeout": {},
  "undelivered.givenUp": { kernel: "what the stack has taken is lost there: use the userspace stack" },
  "stats.highestRto": { userspace: "look at the paths' own, or use the kernel's stack" },
} as const;

/** What `supports()` can be asked for, by its name in the API: options, and what else a stack may lack. */
export type Feature =
  | "noDelay"
  | "OS"
  | "MIS"
  | "sctp.init.attempts"
  | "sctp.init.timeout"
  | "sctp.rto.initial"
  | "sctp.rto.min"
  | "sctp.rto.max"
  | "sctp.retransmissions.association"
  | "sctp.retransmissions.path"
  | "sctp.retransmissions.potentiallyFailed"
  | "sctp.retransmissions.primarySwitchover"
  | "sctp.cookieLife"
  | "sctp.sack.delay"
  | "sctp.sack.freq"
  | "sendBufferSize"
  | "recvBufferSize"
  | "backlog"
  | "ipv6Only"
  | "localUdpPort"
  | "udpPort"
  | "keepAlive"
  | "sctp.heartbeat"
  | "sctp.pathMtu"
  | "sctp.pathMtu.probeInterval"
  | "sctp.dscp"
  | "sctp.flowLabel"
  | "sctp.maxBurst"
  | "sctp.maxSegment"
  | "sctp.partialReliability"
  | "sctp.ecn"
  | "sctp.adaptation"
  | "sctp.auth"
  | "sctp.auth.hmacs"
  | "sctp.auth.chunks"
  | "sctp.auth.keys"
  | "sctp.auth.active"
  | "sctp.dynamicAddresses"
  | "send.unordered"
  | "send.timeToLive"
  | "send.maxRetransmits"
  | "send.priority"
  | "send.sackImmediately"
  | "send.destination"
  | "send.context"
  | "send.key"
  | "abort.reason"
  | "sctp.auth.chunks.cookieEcho"
  | "sctp.stallTimeout"
  | "undelivered.givenUp"
  | "stats.highestRto";
