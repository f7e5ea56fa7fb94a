/** Every finding there can be: where it stands in the report, and its title. docs/doctor.md says what each means. */

export const GROUPS = [
  "Environment",
  "Libraries",
  "Kernel SCTP",
  "Userspace SCTP",
  "Self-test",
  "Limits and times",
  "Addresses",
  "Firewall and NAT",
  "Peer",
] as const;

export type Group = typeof GROUPS[number];

export const CATALOGUE = {
  "system": ["Environment", "Operating system"],
  "runtime": ["Environment", "Runtime"],
  "sandbox": ["Environment", "Container or virtual kernel"],
  "network-namespace": ["Environment", "Network namespace"],
  "permissions": ["Environment", "Permissions"],
  "check-failed": ["Environment", "A check that failed"],

  "library": ["Libraries", "Native library"],

  "kernel-sctp": ["Kernel SCTP", "SCTP sockets of the kernel"],
  "kernel-forbidden": ["Kernel SCTP", "SCTP sockets are forbidden"],
  "kernel-blacklisted": ["Kernel SCTP", "The sctp module is blacklisted"],
  "kernel-not-loaded": ["Kernel SCTP", "The sctp module is not loaded"],
  "kernel-no-module": ["Kernel SCTP", "There is no sctp module"],
  "kernel-options": ["Kernel SCTP", "Socket options and extensions"],
  "kernel-diag": ["Kernel SCTP", "sctp_diag"],
  "kernel-udp": ["Kernel SCTP", "SCTP over UDP in the kernel"],
  "kernel-parameters": ["Kernel SCTP", "Parameters of the kernel's SCTP"],
  "checksum-errors": ["Kernel SCTP", "Checksum errors"],
  "checksum-offload": ["Kernel SCTP", "Checksums left to the interface"],

  "userspace": ["Userspace SCTP", "SCTP in userspace over UDP"],
  "userspace-port": ["Userspace SCTP", "UDP port of SCTP"],

  "self-test": ["Self-test", "Self-test over loopback"],

  "receive-buffer": ["Limits and times", "Largest receive buffer"],
  "send-buffer": ["Limits and times", "Largest send buffer"],
  "failure-detection": ["Limits and times", "Time until a dead peer is noticed"],
  "connect-time": ["Limits and times", "Time until an attempt is given up"],
  "open-files": ["Limits and times", "Open files"],
  "backlog": ["Limits and times", "Connections that may wait"],
  "ports": ["Limits and times", "Ports for outgoing associations"],
  "associations": ["Limits and times", "Associations now"],

  "advertised-addresses": ["Addresses", "Addresses that a peer is told of"],
  "duplicate-address": ["Addresses", "An address twice"],
  "ipv6": ["Addresses", "IPv6"],
  "reverse-path-filter": ["Addresses", "Reverse path filter"],
  "nonlocal-bind": ["Addresses", "Binding to foreign addresses"],
  "route": ["Addresses", "Way to the peer"],
  "same-interface": ["Addresses", "Paths that are not independent"],

  "firewall": ["Firewall and NAT", "Firewall rules"],
  "connection-tracking": ["Firewall and NAT", "Connection tracking"],
  "port-publishing": ["Firewall and NAT", "Published ports and load balancers"],

  "peer": ["Peer", "Answer to INIT"],
  "peer-addresses": ["Peer", "Addresses of the peer"],
  "peer-path": ["Peer", "State of a path"],
  "peer-extensions": ["Peer", "What the peer can"],
} as const satisfies Record<string, readonly [Group, string]>;

export type FindingId = keyof typeof CATALOGUE;

/** What of the list of things to look at cannot be looked at from here; part of the JSON report. */
export const NOT_PROBED = [
  "lengths of SCTP_EVENTS and SCTP_PEER_ADDR_PARAMS",
  "SCTP_PEER_ADDR_THLDS_V2, SCTP_PLPMTUD_PROBE_INTERVAL, SCTP_FRAGMENT_INTERLEAVE",
  "AUTH keys, ASCONF, RE-CONFIG and I-DATA enabled per socket",
  "one-to-many sockets (SOCK_SEQPACKET)",
] as const;
