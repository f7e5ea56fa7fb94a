/** Options of `createServer()` and `server.listen()`. */
import type { BlockList } from "node:net";
import { incompatible, invalidArgValue } from "../errors.ts";
import { splitArguments } from "./call_forms.ts";
import { type AssociationOptions, planAssociation, refuseImpossible } from "./association.ts";
import { type Loose, rowOf } from "./socket_options.ts";
import {
  optionalAddresses,
  optionalBlockList,
  optionalBoolean,
  optionalHost,
  optionalObject,
  optionalSignal,
  port as validPort,
} from "../validate.ts";

/** Options of `createServer()`. */
export interface ServerOptions extends AssociationOptions {
  /** Whether connections come paused: nothing is read before `resume()`. Default false. */
  pauseOnConnect?: boolean;
  /** Peers that are not let in: a connection with one of their addresses is aborted before anyone sees it. */
  blockList?: BlockList;
}

/** Options of `server.listen()`. */
export interface ListenOptions {
  /** Default 0: the stack chooses. */
  port?: number | string | null;
  /** Address or name to bind to. Default: any, IPv6 and IPv4. */
  host?: string | null;
  /** Several addresses to bind to (sctp_bindx), in place of `host`. The first is what `address()` tells. */
  localAddresses?: string[];
  /** Connections that may wait to be accepted. Default 511. */
  backlog?: number;
  /** With an IPv6 address: whether IPv4 peers are kept out. Default false. */
  ipv6Only?: boolean;
  /** Closes the server when it is aborted. */
  signal?: AbortSignal;
  /** On the userspace stack: the UDP port to listen on; 0 for any that is free. Default NETSCTP_UDP_PORT, else 9899. */
  udpPort?: number;
}

/** What createServer() was told, checked and complete. */
export type ServerPlan = ReturnType<typeof planServer>;

/** What listen() was told. */
export type ListenPlan = ReturnType<typeof planListen>;

const DEFAULT_BACKLOG = 511; // as node:net

export function planServer(value: unknown) {
  const options = optionalObject(value, "options") ?? {};
  return Object.freeze({
    ...planAssociation(options),
    pauseOnConnect: Boolean(options.pauseOnConnect),
    blockList: optionalBlockList(options.blockList, "options.blockList"),
  });
}

/** Throws for what createServer() takes: here it would do nothing. */
function refuseOthers({ sctp }: Loose): void {
  if ((sctp ?? undefined) === undefined) return;
  throw invalidArgValue("options.sctp", sctp, "belongs to the options of createServer()");
}

/** `listen(options, cb)`, `listen(port, host, backlog, cb)` and what `net` allows between. */
export function planListen(args: readonly unknown[]) {
  const { options, callback } = splitArguments(args, ["port", "host", "backlog"]);
  refuseImpossible(options);
  refuseOthers(options);
  const host = optionalHost(options.host, "options.host");
  const addresses = optionalAddresses(options.localAddresses, "localAddresses");
  if (host !== undefined && addresses !== undefined) throw incompatible("host", "localAddresses");
  return Object.freeze({
    host,
    /** In place of a host; empty where none were given. */
    addresses: Object.freeze(addresses ?? []),
    port: portOf(options.port),
    ipv6Only: optionalBoolean(options.ipv6Only, "options.ipv6Only") ?? false,
    socketOptions: Object.freeze([
      ...rowOf("BACKLOG", options.backlog || DEFAULT_BACKLOG, "options.backlog"),
      ...rowOf("LOCAL_UDP_PORT", options.udpPort, "options.udpPort"),
    ]),
    signal: optionalSignal(options.signal, "options.signal"),
    callback,
  });
}

function portOf(value: unknown): number {
  if (value === undefined || value === null) return 0;
  if (typeof value === "number" || typeof value === "string") return validPort(value, "options.port");
  throw invalidArgValue("options.port", value, "must be a number or its digits");
}
