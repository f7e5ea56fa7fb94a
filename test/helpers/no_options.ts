/** Every option there is, as `null`: the types see to it that none is missing. */
import type {
  AssociationOptions,
  ConnectOptions,
  ListenOptions,
  LoadLibraryOptions,
  SctpOptions,
  ServerOptions,
} from "netsctp";

type Nulls<Options> = { [Name in keyof Required<Options>]: null };

const NO_ASSOCIATION_OPTIONS: Nulls<AssociationOptions> = {
  stack: null,
  libraryPath: null,
  OS: null,
  MIS: null,
  sctp: null,
  sack: null,
  noDelay: null,
  keepAlive: null,
  keepAliveInitialDelay: null,
  sendBufferSize: null,
  recvBufferSize: null,
  highWaterMark: null,
  maxMessageSize: null,
  allowHalfOpen: null,
};

/** But for `port`, which has to be given. */
export const NO_CONNECT_OPTIONS: Nulls<Omit<ConnectOptions, "port">> = {
  ...NO_ASSOCIATION_OPTIONS,
  host: null,
  remoteAddresses: null,
  localAddress: null,
  localAddresses: null,
  localPort: null,
  family: null,
  hints: null,
  lookup: null,
  autoSelectFamily: null,
  autoSelectFamilyAttemptTimeout: null,
  allAddresses: null,
  udpPort: null,
  localUdpPort: null,
  connectTimeout: null,
  timeout: null,
  signal: null,
  blockList: null,
  onread: null,
};

export const NO_SERVER_OPTIONS: Nulls<ServerOptions> = {
  ...NO_ASSOCIATION_OPTIONS,
  pauseOnConnect: null,
  blockList: null,
};

export const NO_LISTEN_OPTIONS: Nulls<ListenOptions> = {
  port: null,
  host: null,
  localAddresses: null,
  backlog: null,
  ipv6Only: null,
  signal: null,
  udpPort: null,
};

export const NO_LIBRARY_OPTIONS: Nulls<LoadLibraryOptions> = { stack: null, libraryPath: null };

export const NO_SCTP_OPTIONS: Nulls<SctpOptions> = {
  preset: null,
  init: null,
  streams: null,
  rto: null,
  retransmissions: null,
  heartbeat: null,
  sack: null,
  cookieLife: null,
  maxBurst: null,
  maxSegment: null,
  pathMtu: null,
  dscp: null,
  flowLabel: null,
  partialReliability: null,
  ecn: null,
  adaptation: null,
  send: null,
  receiveInfo: null,
  dynamicAddresses: null,
  auth: null,
  stallTimeout: null,
};

export const NO_SACK_OPTIONS: Nulls<Required<SctpOptions>["sack"]> = { delay: null, freq: null };
