/**
 * Every Error this package makes, in three families:
 *
 * - misuse: TypeError or RangeError with Node's own `ERR_*` codes;
 * - system: Error with `code errno syscall address port`, as `node:net` has it;
 * - SCTP conditions: Error with an `ERR_SCTP_*` code (docs/errors.md).
 *
 * Match `code`, never the text.
 */
import type { Buffer } from "node:buffer";
import { constants } from "node:os";
import { getSystemErrorMap, inspect, types } from "node:util";
import type { CloseReason } from "./association/close_reason.ts";

/** An error of the operating system or of the SCTP stack, shaped as Node's. */
export interface SystemError extends Error {
  /** The errno's name, "ECONNREFUSED". */
  code: string;
  /** The errno, negative as Node has it. */
  errno: number;
  /** What failed: "connect", "bind", "listen", "read", "write", "shutdown". */
  syscall: string;
  /** The address it was about, where there is one. */
  address?: string;
  /** The port it was about, where there is one. */
  port?: number;
  /**
   * The peer's UDP port that no process has (userspace stack), where ICMP said so and that was
   * the end. Without it, an `ECONNREFUSED` or `ECONNRESET` is an ABORT from the peer's host.
   */
  udpPort?: number;
  /** Why the association has ended, or did not begin, if this is about that. */
  closeReason?: CloseReason;
  /** The code of the error cause that the ABORT carried, as in `closeReason`. */
  causeCode?: number;
  /** The name of that cause. */
  causeName?: string;
  /** The information in that cause. */
  causeData?: Buffer;
  /** Where `connect()` was told to come from, if that was an address and a port. */
  localAddress?: string;
  /** The port it was told to come from. */
  localPort?: number;
}

/** What a system error is about, beyond its errno. */
export interface SystemErrorContext {
  address?: string | undefined;
  port?: number | undefined;
  /** The peer's UDP port, where ICMP said that no process has it. */
  udpPort?: number | undefined;
  /** Where it was to come from. */
  local?: { address: string; port: number } | undefined;
  /** Words of the shim's, or of the caller's that knows better. */
  detail?: string | undefined;
}

/** An Error with a code. */
export type CodedError = Error & { code: string };

function withCode<E extends Error>(error: E, code: string): E & CodedError {
  return Object.assign(error, { code });
}

/** A value in a text. Objects are inspected: one without a prototype has no toString(), and one of a user's may throw. */
export function shown(value: unknown): string {
  return Object(value) === value ? inspect(value, { depth: 0, customInspect: false }) : String(value);
}

// The beginning of a long argument tells enough.
const MOST_SHOWN = 25;
const MOST_INSPECTED = 128;

/** How Node shows a wrong argument. */
function received(value: unknown): string {
  if (value === null || value === undefined) return ` Received ${value}`;
  if (types.isProxy(value)) return " Received a Proxy"; // a look at it may throw
  if (typeof value === "function") return ` Received function ${shown(value.name)}`;
  if (typeof value === "object") {
    const name = value.constructor?.name;
    return name ? ` Received an instance of ${shown(name)}` : ` Received ${shown(value)}`;
  }
  const text = typeof value === "string" && value.length > MOST_SHOWN
    ? `${value.slice(0, MOST_SHOWN)}...`
    : value;
  return ` Received type ${typeof value} (${inspect(text)})`;
}

/** `ERR_INVALID_ARG_TYPE`: an argument of the wrong type. */
export function invalidArgType(name: string, expected: string, value: unknown): TypeError {
  const kind = name.includes(".") ? "property" : "argument";
  return misuse("ERR_INVALID_ARG_TYPE", `The "${name}" ${kind} must be ${expected}.${received(value)}`);
}

/** `ERR_INVALID_ARG_VALUE`: a value that cannot be, with the reason. */
export function invalidArgValue(name: string, value: unknown, reason: string): TypeError {
  const kind = name.includes(".") ? "property" : "argument";
  const text = inspect(value, { depth: 0, customInspect: false }).slice(0, MOST_INSPECTED);
  return misuse("ERR_INVALID_ARG_VALUE", `The ${kind} '${name}' ${reason}. Received ${text}`);
}

/** `ERR_OUT_OF_RANGE`: a number outside its bounds. */
export function outOfRange(name: string, range: string, value: unknown): RangeError {
  const message = `The value of "${name}" is out of range. It must be ${range}. Received ${String(value)}`;
  return withCode(new RangeError(message), "ERR_OUT_OF_RANGE");
}

/** `ERR_SOCKET_BAD_PORT`, worded as Node does. */
export function badPort(name: string, value: unknown): RangeError {
  const message = `${name} should be >= 0 and < 65536.${received(value)}.`;
  return withCode(new RangeError(message), "ERR_SOCKET_BAD_PORT");
}

/** `ERR_INCOMPATIBLE_OPTION_PAIR`: two options that exclude each other, in node-lksctp's words. */
export function incompatible(one: string, other: string): TypeError {
  return misuse("ERR_INCOMPATIBLE_OPTION_PAIR", `${one} and ${other} are mutually exclusive`);
}

/** `ERR_UNKNOWN_ENCODING`, also where something else stands in the place of an encoding. */
export function unknownEncoding(value: unknown): TypeError {
  const cure = Object(value) === value
    ? ". The stream and the identifier of a message are properties of its Buffer: " +
      "write(Object.assign(buffer, { sid, ppid }))"
    : "";
  return misuse("ERR_UNKNOWN_ENCODING", `Unknown encoding: ${shown(value)}${cure}`);
}

/** `ERR_INVALID_IP_ADDRESS`: what should be an address is none. */
export function invalidIp(value: unknown): TypeError {
  return misuse("ERR_INVALID_IP_ADDRESS", `Invalid IP address: ${shown(value)}`);
}

/** `ERR_INVALID_ADDRESS_FAMILY`: a lookup function gave an address of no IP version. */
export function invalidFamily(family: unknown, host: string, port: number | undefined): RangeError {
  const where = port === undefined ? { host } : { host, port };
  const message = `Invalid address family: ${shown(family)} ${Object.values(where).join(":")}`;
  return withCode(Object.assign(new RangeError(message), where), "ERR_INVALID_ADDRESS_FAMILY");
}

/** `ERR_IP_BLOCKED`: an address that a BlockList has. */
export function blocked(address: string): CodedError {
  return withCode(new Error(`IP(${address}) is blocked by net.BlockList`), "ERR_IP_BLOCKED");
}

/** Several errors as the one that `net` makes of them; a single one stays as it is. */
export function aggregate(errors: readonly Error[]): Error {
  const [first] = errors as SystemError[];
  if (errors.length === 1) return first!;
  const tried = errors.map(({ message }) => message).join("; ");
  const all = Object.assign(new AggregateError(errors, tried), { closeReason: first?.closeReason });
  return withCode(all, first?.code ?? "ETIMEDOUT");
}

/** A TypeError with another of Node's codes. */
export function misuse(code: string, message: string): TypeError {
  return withCode(new TypeError(message), code);
}

/** An Error with another of Node's codes, for a call at the wrong time. */
export function wrongState(code: string, message: string): Error {
  return withCode(new Error(message), code);
}

/** `ERR_STREAM_DESTROYED`: what became of a write that destroy() overtook, as Node words it. */
export function streamDestroyed(): Error {
  return wrongState("ERR_STREAM_DESTROYED", "Cannot call write after a stream was destroyed");
}

/** `ERR_SOCKET_CLOSED_BEFORE_CONNECTION`: what became of a write that waited for an association that did not come. */
export function neverConnected(): Error {
  return wrongState(
    "ERR_SOCKET_CLOSED_BEFORE_CONNECTION",
    "Socket closed before the connection was established",
  );
}

/** The peer has begun its SHUTDOWN: nothing can be sent any more (RFC 9260 section 9.2). In node-lksctp's words. */
export function remoteEnded(): SystemError {
  return brokenPipe("remote ended");
}

/** The same, once its end has been read: then `net`, too, refuses a write, in these words. */
export function endedByPeer(): SystemError {
  return brokenPipe("This socket has been ended by the other party");
}

function brokenPipe(message: string): SystemError {
  return Object.assign(ownSystemError("EPIPE", "write"), { message });
}

/** An `ERR_SCTP_*` condition; what lies below travels as `cause`. */
export function sctpError(
  code: `ERR_SCTP_${string}`,
  message: string,
  cause?: unknown,
): Error {
  const error = cause === undefined ? new Error(message) : new Error(message, { cause });
  return withCode(error, code);
}

/** `ERR_SCTP_UNKNOWN_ADDRESS`: an address that an end of the association does not have. */
export function unknownAddress(
  name: string,
  address: string,
  known: readonly string[],
  whose: "the peer's" | "this end's" = "the peer's",
): Error {
  const list = known.length === 0 ? "none is known" : `there are ${known.join(", ")}`;
  return sctpError(
    "ERR_SCTP_UNKNOWN_ADDRESS",
    `The ${name} ${address} is not one of ${whose} addresses: ${list}`,
  );
}

/** `ERR_SCTP_EXPIRED`: a message was not sent within its time to live. */
export function expired(timeToLive: number): Error {
  return sctpError(
    "ERR_SCTP_EXPIRED",
    `The message was not sent: it waited longer than its time to live of ${timeToLive} ms`,
  );
}

/** `ERR_SCTP_EXPIRED`: a message was given up for a more important one. */
export function outranked(priority: number): Error {
  return sctpError(
    "ERR_SCTP_EXPIRED",
    `The message was not sent: there was no room for its priority of ${priority} and for a more important one`,
  );
}

/** `ERR_INVALID_STATE`: the memory of a message has become somebody else's, or another size, before the stack had it. */
export function memoryGone(): Error {
  return wrongState(
    "ERR_INVALID_STATE",
    "The message was not sent: its ArrayBuffer was transferred or resized while it waited: " +
      "write a copy, or wait for its callback",
  );
}

/** What a stack cannot do. */
export interface UnsupportedError extends Error {
  /** Always this. */
  code: "ERR_SCTP_UNSUPPORTED";
  /** What was asked for, by its name in the API: "send.priority". */
  feature: string;
  /** The stack that cannot. Not `stack`, which is an error's trace. */
  sctpStack: "kernel" | "userspace";
}

/**
 * `ERR_SCTP_UNSUPPORTED`: the stack that serves cannot do it.
 *
 * @param cure what to do: a sysctl, a newer kernel, the other stack
 */
export function unsupported(
  feature: string,
  sctpStack: UnsupportedError["sctpStack"],
  cure: string,
): UnsupportedError {
  const message = `${feature} is not supported by the ${sctpStack} stack: ${cure}`;
  return Object.assign(sctpError("ERR_SCTP_UNSUPPORTED", message), {
    feature,
    sctpStack,
  }) as UnsupportedError;
}

/** A feature that both ends have to ask for before the association begins. */
export interface NotNegotiatedError extends Error {
  code: "ERR_SCTP_NOT_NEGOTIATED";
  /** Its name in `sctp`: "dynamicAddresses", "auth". */
  feature: string;
  /** The end that has not asked for it. */
  end: "local" | "peer";
}

/** `ERR_SCTP_NOT_NEGOTIATED`: the association does not have it, and which end lacks it. */
export function notNegotiated(feature: string, end: NotNegotiatedError["end"]): NotNegotiatedError {
  const message = end === "local"
    ? `this end has not asked for sctp.${feature}: give it to connect() or createServer(), at both ends`
    : `the peer has not asked for ${feature}: it has to, too, before the association begins`;
  return Object.assign(sctpError("ERR_SCTP_NOT_NEGOTIATED", message), { feature, end }) as NotNegotiatedError;
}

/** A system error that core/ itself finds, by its errno's name. */
export function ownSystemError(
  code: OwnCode,
  syscall: string,
  context: SystemErrorContext = {},
): SystemError {
  return systemError(code, constants.errno[code], syscall, context);
}

/** `ENOTCONN`: a call that needs an association. */
export function notConnected(syscall: string, address?: string): SystemError {
  const detail = "there is no association, not yet or not any more: wait for 'connect'";
  return ownSystemError("ENOTCONN", syscall, { address, detail });
}

type OwnCode = "EADDRINUSE" | "EINVAL" | "ENOTCONN" | "EPIPE" | "ETIMEDOUT";

/**
 * A system error with the properties and the wording of `node:net`:
 * `connect ECONNREFUSED 127.0.0.1:2905`, `listen EADDRINUSE: address already in use :::2905`.
 * Port 0 is none.
 *
 * @param errno positive, as the shim's negative results without their sign
 */
export function systemError(
  code: string,
  errno: number,
  syscall: string,
  { address, port, udpPort, local, detail }: SystemErrorContext = {},
): SystemError {
  const parts = [syscall === "listen" ? `listen ${code}${meaning(errno)}` : `${syscall} ${code}`];
  if (address !== undefined) parts.push(port ? `${address}:${port}` : address);
  if (local?.port) parts.push(`- Local (${local.address}:${local.port})`);
  return Object.assign(new Error(parts.join(" ") + (detail ? `: ${detail}` : "")), {
    code,
    errno: -errno,
    syscall,
    ...(address !== undefined && { address }),
    ...(port && { port }),
    ...(udpPort !== undefined && { udpPort }),
    ...(local?.port && { localAddress: local.address, localPort: local.port }),
  });
}

/** What an errno means, where the runtime knows. */
function meaning(errno: number): string {
  const [, text] = getSystemErrorMap().get(-errno) ?? [];
  return text === undefined ? "" : `: ${text}`;
}
