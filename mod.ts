/**
 * SCTP sockets in the shape of `node:net`, for Node, Deno and Bun: over the
 * Linux kernel's SCTP where there is one, over userspace SCTP where there is none.
 *
 * Nothing is loaded or opened before the first socket. The package is `netsctp` on npm, as in the examples here, and
 * `@netsctp/sctp` on JSR, for Deno.
 *
 * @example
 * ```ts
 * import { connect, createServer } from "netsctp";
 *
 * const server = createServer((socket) => socket.on("data", (message) => socket.end(message)));
 * server.listen({ port: 0, host: "127.0.0.1" }, () => {
 *   const client = connect({ port: server.address()!.port, host: "127.0.0.1" });
 *   client.write(Object.assign(Buffer.from("hello"), { sid: 1, ppid: 46 }));
 *   client.on("data", (reply) => console.log(reply.toString(), reply.sid, reply.ppid));
 *   client.on("close", () => server.close());
 * });
 * ```
 *
 * @module
 */
import {
  BlockList,
  getDefaultAutoSelectFamily,
  getDefaultAutoSelectFamilyAttemptTimeout,
  isIP,
  isIPv4,
  isIPv6,
  setDefaultAutoSelectFamily,
  setDefaultAutoSelectFamilyAttemptTimeout,
  SocketAddress,
} from "node:net";
import { runtime } from "#runtime";
import type { ConnectOptions } from "./core/options/connect.ts";
import type { Counters } from "./core/shim/records.ts";
import {
  type ConnectionListener,
  createNet,
  type LoadLibraryOptions,
  type ServerConstructor,
} from "./core/net/bind.ts";
import type { BaseServer } from "./core/net/server.ts";
import { failureDetectionTime } from "./core/options/failure_detection.ts";
import type { ServerOptions } from "./core/options/server.ts";
import type { Feature } from "./core/options/features.ts";
import { Socket } from "./core/net/socket.ts";
import type { StackChoice, StackInfo } from "./core/shim/stacks.ts";

const net = createNet(runtime);

/**
 * Makes a server. Nothing is loaded or opened before its `listen()`.
 *
 * @example
 * ```ts
 * import { createServer } from "netsctp";
 *
 * const server = createServer((socket) => {
 *   socket.on("data", (message) => socket.write(message)); // sid and ppid travel with it
 * });
 * server.listen({ port: 3868 }, () => console.log(server.address()));
 * ```
 *
 * @param listener added to the server's `connection` event
 * @throws ERR_INVALID_ARG_TYPE, ERR_INVALID_ARG_VALUE, ERR_OUT_OF_RANGE for wrong options
 */
export function createServer(listener?: ConnectionListener): Server;
/** The same, with options for the associations that come in. */
export function createServer(options?: ServerOptions | null, listener?: ConnectionListener): Server;
export function createServer(first?: unknown, second?: unknown): Server {
  return new net.Server(first as ServerOptions, second as ConnectionListener);
}

/**
 * Starts an association, and returns its socket at once. What is written meanwhile waits until it is up. What goes
 * wrong from then on is an `error` event.
 *
 * @example
 * ```ts
 * import { connect } from "netsctp";
 *
 * const socket = connect({ port: 3868, host: "127.0.0.1" }, () => {
 *   socket.end(Object.assign(Buffer.from("hello"), { sid: 1, ppid: 46 }));
 * });
 * socket.on("data", (reply) => console.log(reply.sid, reply.ppid, reply.length));
 * socket.on("error", (error) => console.error(error.message));
 * ```
 *
 * @param listener added once to the socket's `connect` event
 * @throws ERR_MISSING_ARGS without a port, and what other wrong arguments throw
 * @throws ERR_SCTP_UNAVAILABLE, ERR_SCTP_NO_LIBRARY, ERR_SCTP_LIBRARY_MISMATCH, ERR_SCTP_PERMISSION where no stack can serve
 */
export function connect(options: ConnectOptions, listener?: () => void): Socket;
/** The same for a port of a host, "localhost" by default. */
export function connect(port: number | string, host?: string, listener?: () => void): Socket;
/** The same for a port of this machine. */
export function connect(port: number | string, listener?: () => void): Socket;
export function connect(...args: unknown[]): Socket {
  return net.connect(args);
}

/** The same function as {@linkcode connect}, as `net` has it. */
export const createConnection: typeof connect = connect;

/** The class of servers: `new Server(options, listener)` is `createServer(options, listener)`. */
export const Server: ServerConstructor = net.Server;
/** A server of SCTP associations; {@linkcode BaseServer} has its members. */
export type Server = BaseServer;

/**
 * Loads the native library of the stack that serves, before the first socket does. On Deno it is fetched where it is
 * not on this machine; elsewhere this is `stackInfo()` with a choice of directory. Not needed by `connect()` and
 * `listen()`, which do the same.
 *
 * @example
 * ```ts
 * import { loadLibrary } from "netsctp";
 *
 * const { stack, reason } = await loadLibrary();
 * console.log(`${stack}: ${reason}`);
 * ```
 *
 * @throws as {@linkcode stackInfo}: a promise that rejects
 * @throws ERR_SCTP_LIBRARY_LOADED where it was loaded from another `libraryPath`
 * @throws ERR_SCTP_FETCH, ERR_SCTP_CHECKSUM where it could not be fetched, or another file came
 */
export function loadLibrary(options?: LoadLibraryOptions | null): Promise<StackInfo> {
  return net.loadLibrary(options);
}

/**
 * Which stack serves a choice, and why. Does not fetch: `await loadLibrary()` first where that may be needed.
 *
 * @param choice "kernel", "userspace" or "auto". Default: NETSCTP_STACK, else "auto"
 * @throws ERR_SCTP_UNAVAILABLE where none does
 * @throws ERR_SCTP_NO_LIBRARY, ERR_SCTP_LIBRARY_MISMATCH, ERR_SCTP_PERMISSION where its library cannot be loaded
 */
export function stackInfo(choice?: StackChoice): StackInfo {
  return net.stackInfo(choice);
}

/**
 * Whether a stack has something, on this machine: an option or what else is in docs/capabilities.md. Opens no socket.
 *
 * @example
 * ```ts
 * import { connect, supports } from "netsctp";
 *
 * const hasFlowLabels = supports("sctp.flowLabel");
 * if (hasFlowLabels !== true) console.warn(hasFlowLabels); // it says why not, and what to do
 * connect({ port: 3868, host: "::1", sctp: hasFlowLabels === true ? { flowLabel: 7 } : {} });
 * ```
 *
 * @param feature by its name in the API: "udpPort", "sctp.flowLabel", "send.priority"
 * @param choice as for {@linkcode stackInfo}
 * @returns true, or a sentence that says why not: the message that the error of using it has
 * @throws ERR_INVALID_ARG_VALUE for an unknown name
 * @throws ERR_SCTP_NO_LIBRARY, ERR_SCTP_LIBRARY_MISMATCH, ERR_SCTP_PERMISSION where the stack's library cannot be loaded
 */
export function supports(feature: Feature, choice?: StackChoice): true | string {
  return net.supports(feature, choice);
}

/**
 * What the native side of a stack has counted in this process: calls, wakes, system calls, messages. For benchmarks
 * and tests.
 *
 * @param choice as for {@linkcode stackInfo}
 * @throws as {@linkcode stackInfo}
 */
export function counters(choice?: StackChoice): Counters {
  return net.counters(choice);
}

// What `net` has that is about no socket: the very same.
export {
  BlockList,
  getDefaultAutoSelectFamily,
  getDefaultAutoSelectFamilyAttemptTimeout,
  isIP,
  isIPv4,
  isIPv6,
  setDefaultAutoSelectFamily,
  setDefaultAutoSelectFamilyAttemptTimeout,
  SocketAddress,
} from "node:net";
export { PPID } from "./core/registry/ppid.ts";
export { PORT } from "./core/registry/port.ts";
export { Socket };
export type { BaseServer, ConnectionListener, LoadLibraryOptions, ServerConstructor };
export type { ConnectOptions, Lookup, OnReadInfo, OnReadOptions } from "./core/options/connect.ts";
export type { CloseReason } from "./core/association/close_reason.ts";
export type { SystemError, UnsupportedError } from "./core/errors.ts";
export type {
  DropArgument,
  Listening,
  RestartArgument,
  ServerEvents,
  SocketEvents,
  SocketListener,
} from "./core/net/events.ts";
export type { Message, Writable } from "./core/association/message.ts";
export type { Undelivered } from "./core/association/undelivered.ts";
export type { SendOptions } from "./core/options/send_options.ts";
export type { Path, PathChange } from "./core/association/paths.ts";
export type { Stack } from "./core/shim/native.ts";
export type {
  Notification,
  NotificationContent,
  ParsedNotification,
  ResetOutcome,
} from "./core/notifications/types.ts";
export type { NetSocket } from "./core/net/net_socket.ts";
export type { Feature } from "./core/options/features.ts";
export type { NegotiatedFeatures } from "./core/association/negotiation.ts";
export type { Amount, AssociationStatistics } from "./core/association/statistics.ts";
export type { AssociationOptions } from "./core/options/association.ts";
export type { AuthOptions, Hmac, SignedChunk } from "./core/options/auth_options.ts";
export { failureDetectionTime };
export type { FailureDetectionTime, FailurePath } from "./core/options/failure_detection.ts";
export type { Preset } from "./core/options/presets.ts";
export type {
  InitOptions,
  PathMtuOptions,
  PathOptions,
  PathRetransmissionOptions,
  RetransmissionOptions,
  RtoOptions,
  SackOptions,
  SctpOptions,
  StreamOptions,
} from "./core/options/sctp_options.ts";
export type { WriteCallback } from "./core/net/socket_writer.ts";
export type { AddressInfo, AssociationState, Counters, KeyChange, PathState } from "./core/shim/records.ts";
export type { RfcNotification } from "./core/notifications/rfc_names.gen.ts";
export type { ListenOptions, ServerOptions } from "./core/options/server.ts";
export type { StackChoice, StackInfo } from "./core/shim/stacks.ts";
export type { KeepAliveOptions } from "./core/net/keep_alive.ts";
export type { AssociationStatus, PeerInfo } from "./core/lksctp_names.ts";

/** All that programs call, as the default export of `node:net` has it. */
const sctp: {
  Server: typeof Server;
  Socket: typeof Socket;
  createServer: typeof createServer;
  connect: typeof connect;
  createConnection: typeof createConnection;
  loadLibrary: typeof loadLibrary;
  stackInfo: typeof stackInfo;
  supports: typeof supports;
  counters: typeof counters;
  failureDetectionTime: typeof failureDetectionTime;
  BlockList: typeof BlockList;
  SocketAddress: typeof SocketAddress;
  isIP: typeof isIP;
  isIPv4: typeof isIPv4;
  isIPv6: typeof isIPv6;
  getDefaultAutoSelectFamily: typeof getDefaultAutoSelectFamily;
  setDefaultAutoSelectFamily: typeof setDefaultAutoSelectFamily;
  getDefaultAutoSelectFamilyAttemptTimeout: typeof getDefaultAutoSelectFamilyAttemptTimeout;
  setDefaultAutoSelectFamilyAttemptTimeout: typeof setDefaultAutoSelectFamilyAttemptTimeout;
} = {
  Server,
  Socket,
  createServer,
  connect,
  createConnection,
  loadLibrary,
  stackInfo,
  supports,
  counters,
  failureDetectionTime,
  BlockList,
  SocketAddress,
  isIP,
  isIPv4,
  isIPv6,
  getDefaultAutoSelectFamily,
  setDefaultAutoSelectFamily,
  getDefaultAutoSelectFamilyAttemptTimeout,
  setDefaultAutoSelectFamilyAttemptTimeout,
};
export default sctp;
