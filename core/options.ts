/**
 * Arguments in, complete frozen plans out: whoever gets a plan checks nothing
 * again. Absent means "the stack's own default" all the way down.
 */
import { invalidArgType, invalidArgValue, misuse } from "./errors.ts";
import { type NumberedOption, OPTION } from "./records.ts";
import type { StackChoice } from "./stacks.ts";
import {
  optionalBoolean,
  optionalFunction,
  optionalInteger,
  optionalIp,
  optionalString,
  port as validPort,
} from "./validate.ts";

/** Options of an association, for both ends. */
export interface AssociationOptions {
  /** Which stack serves: "kernel", "userspace" or "auto". Default: NETSCTP_STACK, else "auto". */
  stack?: StackChoice;
  /** Outbound streams to ask for, 1 to 65535. Default: the stack's (10). */
  OS?: number;
  /** The most inbound streams to accept, 1 to 65535. Default: the stack's. */
  MIS?: number;
  /** Send small messages at once (SCTP_NODELAY). Default true, unlike `net`. */
  noDelay?: boolean;
  /** Bytes buffered in each direction before back pressure. Default 65536. */
  highWaterMark?: number;
  /** The largest message received, in bytes; a larger one fails the socket. Default 1048576. */
  maxMessageSize?: number;
}

/** Options of `createServer()`. */
export type ServerOptions = AssociationOptions;

/** Options of `server.listen()`. */
export interface ListenOptions {
  /** Default 0: the stack chooses. */
  port?: number | string;
  /** Address or name to bind to. Default: any, IPv6 and IPv4. */
  host?: string;
  /** Connections that may wait to be accepted. Default 511. */
  backlog?: number;
  /** On the userspace stack: the UDP port this process owns. Default NETSCTP_UDP_PORT, else 9899. */
  udpPort?: number;
}

/** Options of `connect()`. */
export interface ConnectOptions extends AssociationOptions {
  port: number | string;
  /** Address or name of the peer. Default "localhost". */
  host?: string;
  /** Address to bind to. */
  localAddress?: string;
  /** SCTP port to bind to. */
  localPort?: number;
  /** The peer's UDP port for SCTP over UDP. Default on the userspace stack: NETSCTP_UDP_PORT, else 9899. */
  udpPort?: number;
  /** Milliseconds to wait for the association, 0 for as long as the stack tries. Default 30000. */
  connectTimeout?: number;
}

/** What both ends have decided about their associations. */
export interface AssociationPlan {
  readonly stack: StackChoice | undefined;
  readonly highWaterMark: number;
  readonly maxMessageSize: number;
  readonly socketOptions: readonly NumberedOption[];
}

export interface ListenPlan {
  readonly host: string | undefined;
  readonly port: number;
  readonly udpPort: number | undefined;
  readonly socketOptions: readonly NumberedOption[];
  readonly callback: (() => void) | undefined;
}

export interface ConnectPlan extends AssociationPlan {
  readonly host: string;
  readonly port: number;
  readonly local: { readonly address: string | undefined; readonly port: number } | undefined;
  readonly udpPort: number | undefined;
  readonly connectTimeout: number;
  readonly callback: (() => void) | undefined;
}

const IMPOSSIBLE: Record<string, string> = {
  path: "names a Unix socket or pipe, and SCTP has none",
  fd: "cannot be taken over: a socket of this package belongs to its own stack",
};

const DEFAULT_BACKLOG = 511; // as node:net
const DEFAULT_HIGH_WATER_MARK = 64 * 1024;
const DEFAULT_MAX_MESSAGE_SIZE = 1024 * 1024;
const DEFAULT_CONNECT_TIMEOUT_MS = 30_000;
const MAX_BYTES = 0x7fffffff;

/** Options as one object, also where `net` takes them as separate arguments. */
function asObject(value: unknown, name: string): Record<string, unknown> {
  if (value === undefined) return {};
  if (typeof value !== "object" || value === null) throw invalidArgType(name, "of type object", value);
  return value as Record<string, unknown>;
}

function refuseImpossible(options: Record<string, unknown>): void {
  for (const [name, why] of Object.entries(IMPOSSIBLE)) {
    if (options[name] !== undefined) throw invalidArgValue(`options.${name}`, options[name], why);
  }
  if (options.allowHalfOpen === true) {
    const why = "must be false: SCTP has no half-open state (RFC 9260 section 9.2)";
    throw invalidArgValue("options.allowHalfOpen", true, why);
  }
}

function udpPortOf(options: Record<string, unknown>): number | undefined {
  return optionalInteger(options.udpPort, "options.udpPort", 1, 65535);
}

export function planAssociation(value: unknown): AssociationPlan {
  const options = asObject(value, "options");
  refuseImpossible(options);
  const noDelay = optionalBoolean(options.noDelay, "options.noDelay") ?? true;
  const outbound = optionalInteger(options.OS, "options.OS", 1, 65535);
  const inbound = optionalInteger(options.MIS, "options.MIS", 1, 65535);
  const socketOptions: NumberedOption[] = [[OPTION.NO_DELAY, noDelay ? 1 : 0]];
  if (outbound !== undefined) socketOptions.push([OPTION.OUTBOUND_STREAMS, outbound]);
  if (inbound !== undefined) socketOptions.push([OPTION.INBOUND_STREAMS, inbound]);
  const highWaterMark = optionalInteger(options.highWaterMark, "options.highWaterMark", 0, MAX_BYTES);
  const maxMessageSize = optionalInteger(options.maxMessageSize, "options.maxMessageSize", 1, MAX_BYTES);
  return Object.freeze({
    stack: options.stack as StackChoice | undefined, // Stacks.choose() checks it, with the environment's
    highWaterMark: highWaterMark ?? DEFAULT_HIGH_WATER_MARK,
    maxMessageSize: maxMessageSize ?? DEFAULT_MAX_MESSAGE_SIZE,
    socketOptions: Object.freeze(socketOptions),
  });
}

/** `listen(options, cb)`, `listen(port, host, backlog, cb)` and what `net` allows between. */
export function planListen(args: readonly unknown[]): ListenPlan {
  const { options, callback } = splitArguments(args, ["port", "host", "backlog"]);
  refuseImpossible(options);
  const backlog = optionalInteger(options.backlog, "options.backlog", 0, MAX_BYTES);
  return Object.freeze({
    host: optionalString(options.host, "options.host"),
    port: options.port === undefined || options.port === null ? 0 : validPort(options.port, "options.port"),
    udpPort: udpPortOf(options),
    socketOptions: Object.freeze([[OPTION.BACKLOG, backlog ?? DEFAULT_BACKLOG]] as NumberedOption[]),
    callback,
  });
}

/** `connect(options, cb)`, `connect(port, host, cb)` and what `net` allows between. */
export function planConnect(args: readonly unknown[]): ConnectPlan {
  const { options, callback } = splitArguments(args, ["port", "host"]);
  const association = planAssociation(options);
  if (options.port === undefined) {
    throw misuse("ERR_MISSING_ARGS", 'The "options.port" argument must be specified');
  }
  const address = optionalIp(options.localAddress, "options.localAddress");
  const localPort = optionalInteger(options.localPort, "options.localPort", 0, 65535);
  const timeout = optionalInteger(options.connectTimeout, "options.connectTimeout", 0, MAX_BYTES);
  return Object.freeze({
    ...association,
    host: optionalString(options.host, "options.host") || "localhost",
    port: validPort(options.port, "options.port"),
    local: address === undefined && !localPort ? undefined : Object.freeze({ address, port: localPort ?? 0 }),
    udpPort: udpPortOf(options),
    connectTimeout: timeout ?? DEFAULT_CONNECT_TIMEOUT_MS,
    callback,
  });
}

/** Sorts out the call forms of `net`: an object, or positional arguments, then perhaps a callback. */
function splitArguments(args: readonly unknown[], names: readonly string[]) {
  const positional = [...args];
  while (positional.length > 0 && positional.at(-1) === undefined) positional.pop();
  const last = positional.at(-1);
  const callback = typeof last === "function" ? last as () => void : undefined;
  if (callback !== undefined) positional.pop();
  const [first] = positional;
  if (typeof first === "object" && first !== null) {
    optionalFunction(positional[1] as (() => void) | undefined, "callback");
    return { options: first as Record<string, unknown>, callback };
  }
  const options: Record<string, unknown> = {};
  positional.forEach((value, i) => {
    const name = names[i];
    if (name !== undefined) options[name] = value;
    // listen(port, backlog): net tells a host from a backlog by type
    if (name === "host" && typeof value === "number" && names.includes("backlog")) {
      delete options.host;
      options.backlog = value;
    }
  });
  return { options, callback };
}
