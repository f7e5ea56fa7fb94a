/** Options of `connect()`. */
import type { LookupOptions } from "node:dns";
import type { BlockList } from "node:net";
import { splitArguments } from "./call_forms.ts";
import { incompatible, invalidArgType, invalidArgValue, misuse } from "../errors.ts";
import { type AssociationOptions, MAX_MS, planAssociation } from "./association.ts";
import { type Loose, rowOf } from "./socket_options.ts";
import {
  duration,
  number,
  optionalAddresses,
  optionalBlockList,
  optionalBoolean,
  optionalFamily,
  optionalFunction,
  optionalHost,
  optionalInteger,
  optionalIp,
  optionalObject,
  optionalSignal,
  port as validPort,
} from "../validate.ts";

/** A function with the signature of `dns.lookup()`. */
export type Lookup = (
  hostname: string,
  options: LookupOptions,
  // deno-lint-ignore no-explicit-any -- dns.lookup() itself gives one address or a list
  callback: (error: NodeJS.ErrnoException | null, address: any, family?: number) => void,
) => void;

/** What belongs to one message, or a piece of it, given to `onread.callback`. */
export interface OnReadInfo {
  /** The stream it came on. */
  sid: number;
  /** Its payload protocol identifier, host order. */
  ppid: number;
  /** Whether this is the last, or only, piece of its message. */
  isLast: boolean;
}

/** Reading into a buffer of the user's, as `net` has it, in place of `'data'`. */
export interface OnReadOptions {
  /** Where to put what comes, or a function that gives a buffer each time. A larger message comes in pieces. */
  buffer: Uint8Array | (() => Uint8Array);
  /** Called for each message or piece; returning false pauses reading until `resume()`. */
  callback(bytesWritten: number, buffer: Uint8Array, info: OnReadInfo): boolean | void;
}

/** Options of `connect()`. */
export interface ConnectOptions extends AssociationOptions {
  /** The peer's SCTP port, 0 to 65535. */
  port: number | string;
  /** Address or name of the peer. Default "localhost". */
  host?: string | null;
  /** All addresses of one peer (sctp_connectx), in place of `host`. */
  remoteAddresses?: string[];
  /** Address to bind to: of the peer's addresses those of its IP version are tried. "::" is of both. */
  localAddress?: string;
  /** Several addresses to bind to (sctp_bindx), in place of `localAddress`. */
  localAddresses?: string[];
  /** SCTP port to bind to. */
  localPort?: number;
  /** The IP version to resolve a name to, 4 or 6; 0 for both. Default 0. */
  family?: number | "IPv4" | "IPv6";
  /** Flags of `dns.lookup()`. */
  hints?: number;
  /** In place of `dns.lookup()`. */
  lookup?: Lookup;
  /** Tries all addresses of a name, one after the other. Default `net.getDefaultAutoSelectFamily()`. */
  autoSelectFamily?: boolean;
  /** Milliseconds until the next address is tried. Default `net.getDefaultAutoSelectFamilyAttemptTimeout()`. */
  autoSelectFamilyAttemptTimeout?: number;
  /** Takes all addresses of a name for those of one peer with several (sctp_connectx). Default false. */
  allAddresses?: boolean;
  /**
   * The peer's UDP port for SCTP over UDP; 0 for a peer in this process: the one it listens on. Default on the
   * userspace stack: NETSCTP_UDP_PORT, else 9899.
   */
  udpPort?: number;
  /**
   * On the userspace stack: the UDP port to send from, which a client that wants to come back after a crash has to fix
   * along with `localPort`; 0 for any that is free. Default: the one this process listens on, else any.
   */
  localUdpPort?: number;
  /** Milliseconds to wait for the association, 0 for as long as the stack tries. Default 30000. */
  connectTimeout?: number;
  /** As `socket.setTimeout()`: milliseconds without traffic until `'timeout'`. */
  timeout?: number;
  /** Destroys the socket when it is aborted. */
  signal?: AbortSignal;
  /** Addresses that are not connected to. */
  blockList?: BlockList;
  /** Reads into a buffer of yours, in place of `'data'`. */
  onread?: OnReadOptions;
}

/** What connect() was told, checked and complete. */
export type ConnectPlan = ReturnType<typeof planConnect>;

const DEFAULT_CONNECT_TIMEOUT_MS = 30_000;
const LEAST_ATTEMPT_TIMEOUT_MS = 10; // as node:net

/**
 * `connect(options, cb)`, `connect(port, host, cb)` and what `net` allows between.
 *
 * @param lookup what resolves names where the options have nothing for it
 */
export function planConnect(args: readonly unknown[], lookup?: Lookup) {
  const { options, callback } = splitArguments(args, ["port", "host"]);
  const association = planAssociation(options);
  refuseObjectMode(options);
  const port = portOf(options.port);
  const host = optionalHost(options.host, "options.host");
  const addresses = optionalAddresses(options.remoteAddresses, "remoteAddresses");
  if (host !== undefined && addresses !== undefined) throw incompatible("host", "remoteAddresses");
  const localAddress = optionalIp(options.localAddress);
  const localAddresses = optionalAddresses(options.localAddresses, "localAddresses");
  if (localAddress !== undefined && localAddresses !== undefined) {
    throw incompatible("localAddress", "localAddresses");
  }
  const optionalMs = (name: string, least: number) =>
    optionalInteger(options[name], `options.${name}`, least, MAX_MS);
  const attempt = optionalMs("autoSelectFamilyAttemptTimeout", 1);
  return Object.freeze({
    // Spreading would have V8 define each property behind it the slow way.
    stack: association.stack,
    libraryPath: association.libraryPath,
    highWaterMark: association.highWaterMark,
    maxMessageSize: association.maxMessageSize,
    messages: association.messages,
    stallTimeout: association.stallTimeout,
    socketOptions: Object.freeze([
      ...association.socketOptions,
      ...rowOf("REMOTE_UDP_PORT", options.udpPort, "options.udpPort"),
      ...rowOf("LOCAL_UDP_PORT", options.localUdpPort, "options.localUdpPort"),
    ]),
    /** A name or an address; of no use where there are `addresses`. */
    host: host ?? "localhost",
    /** All of one peer's; empty where a host was given. */
    addresses: Object.freeze(addresses ?? []),
    port,
    localAddresses: Object.freeze(localAddresses ?? (localAddress === undefined ? [] : [localAddress])),
    localPort: optionalInteger(options.localPort || undefined, "options.localPort", 0, 65535) ?? 0,
    family: optionalFamily(options.family, "options.family"),
    hints: options.hints ? number(options.hints, "options.hints") : undefined,
    lookup: optionalFunction(options.lookup as Lookup | undefined, "options.lookup") ?? lookup,
    autoSelectFamily: optionalBoolean(options.autoSelectFamily, "options.autoSelectFamily"),
    attemptTimeout: attempt === undefined ? undefined : Math.max(attempt, LEAST_ATTEMPT_TIMEOUT_MS),
    allAddresses: optionalBoolean(options.allAddresses, "options.allAddresses") ?? false,
    connectTimeout: optionalMs("connectTimeout", 0) ?? DEFAULT_CONNECT_TIMEOUT_MS,
    timeout: options.timeout ? duration(options.timeout, "options.timeout") : undefined, // any falsy value is none, as in net
    signal: optionalSignal(options.signal, "options.signal"),
    blockList: optionalBlockList(options.blockList, "options.blockList"),
    onread: onReadOf(options.onread),
    callback,
  });
}

/** Throws for streams in object mode, which `net` refuses, too. */
function refuseObjectMode(options: Loose): void {
  const name = ["objectMode", "readableObjectMode", "writableObjectMode"].find((name) => options[name]);
  if (name) throw invalidArgValue(`options.${name}`, options[name], "is not supported");
}

function portOf(value: unknown): number {
  if (value === undefined) throw misuse("ERR_MISSING_ARGS", 'The "options.port" argument must be specified');
  if (typeof value === "number" || typeof value === "string") return validPort(value, "Port");
  throw invalidArgType("options.port", "one of type number or string", value);
}

function onReadOf(value: unknown): OnReadOptions | undefined {
  const onread = optionalObject(value, "options.onread");
  if (onread === undefined) return undefined;
  const { buffer, callback } = onread;
  if (!(buffer instanceof Uint8Array) && typeof buffer !== "function") {
    throw misuse(
      "ERR_INVALID_ARG_TYPE",
      'The "options.onread.buffer" property must be a Uint8Array or a function',
    );
  }
  if (buffer.length === 0 && typeof buffer !== "function") {
    throw misuse(
      "ERR_INVALID_ARG_VALUE",
      'The "options.onread.buffer" property must have room for a byte or more',
    );
  }
  if (typeof callback !== "function") {
    throw misuse("ERR_INVALID_ARG_TYPE", 'The "options.onread.callback" property must be of type function');
  }
  return onread as unknown as OnReadOptions;
}
