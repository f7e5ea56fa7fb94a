/**
 * SCTP sockets in the shape of `node:net`, for Node and Deno: over the Linux
 * kernel's SCTP where there is one, over userspace SCTP where there is none.
 *
 * Nothing is loaded or opened before the first socket.
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
import { runtime } from "#runtime";
import { createNet, type Net, netHelpers } from "./core/net.ts";
import type { Server as ServerType } from "./core/server.ts";
import type { Socket as SocketType } from "./core/socket.ts";

const net: Net = createNet(runtime);

/** Makes a server; `listener` is added to its `connection` event. */
export const createServer: Net["createServer"] = net.createServer;

/** Starts an association; `listener` is added to the socket's `connect` event. */
export const connect: Net["connect"] = net.connect;

/** The same as {@linkcode connect}, as `net` has it. */
export const createConnection: Net["connect"] = net.connect;

/** The class of servers: `new Server(options, listener)` is `createServer(options, listener)`. */
export const Server: Net["Server"] = net.Server;
/** A server of SCTP associations. */
export type Server = ServerType;

/** The class of sockets, for `instanceof`. Its constructor refuses: use {@linkcode connect}. */
export const Socket: Net["Socket"] = net.Socket;
/** An SCTP association, shaped as `net.Socket`. */
export type Socket = SocketType;

/** Which stack serves a choice, and why. Throws ERR_SCTP_UNAVAILABLE where none does. */
export const stackInfo: Net["stackInfo"] = net.stackInfo;

/** What the native side has counted in this process: calls, wakes, system calls, messages. */
export const counters: Net["counters"] = net.counters;

/** As `net.BlockList`: the same class. */
export const BlockList: typeof netHelpers.BlockList = netHelpers.BlockList;
/** A list of addresses that are not talked to. */
export type BlockList = InstanceType<typeof netHelpers.BlockList>;
/** As `net.SocketAddress`: the same class. */
export const SocketAddress: typeof netHelpers.SocketAddress = netHelpers.SocketAddress;
/** An address with its port. */
export type SocketAddress = InstanceType<typeof netHelpers.SocketAddress>;
/** As `net.isIP()`. */
export const isIP: typeof netHelpers.isIP = netHelpers.isIP;
/** As `net.isIPv4()`. */
export const isIPv4: typeof netHelpers.isIPv4 = netHelpers.isIPv4;
/** As `net.isIPv6()`. */
export const isIPv6: typeof netHelpers.isIPv6 = netHelpers.isIPv6;
/** As `net.getDefaultAutoSelectFamily()`: one setting for both. */
export const getDefaultAutoSelectFamily: typeof netHelpers.getDefaultAutoSelectFamily =
  netHelpers.getDefaultAutoSelectFamily;
/** As `net.setDefaultAutoSelectFamily()`: one setting for both. */
export const setDefaultAutoSelectFamily: typeof netHelpers.setDefaultAutoSelectFamily =
  netHelpers.setDefaultAutoSelectFamily;
/** As `net.getDefaultAutoSelectFamilyAttemptTimeout()`: one setting for both. */
export const getDefaultAutoSelectFamilyAttemptTimeout:
  typeof netHelpers.getDefaultAutoSelectFamilyAttemptTimeout =
    netHelpers.getDefaultAutoSelectFamilyAttemptTimeout;
/** As `net.setDefaultAutoSelectFamilyAttemptTimeout()`: one setting for both. */
export const setDefaultAutoSelectFamilyAttemptTimeout:
  typeof netHelpers.setDefaultAutoSelectFamilyAttemptTimeout =
    netHelpers.setDefaultAutoSelectFamilyAttemptTimeout;

export type { ConnectOptions, Lookup, OnReadInfo, OnReadOptions } from "./core/connect_options.ts";
export type { SystemError } from "./core/errors.ts";
export type { Listening, ServerEvents, SocketEvents } from "./core/events.ts";
export type { Message, MessageProperties } from "./core/message.ts";
export type { Writable } from "./core/message_stream.ts";
export type { Stack } from "./core/native.ts";
export type {
  AssociationState,
  Notification,
  NotificationContent,
  ParsedNotification,
  PathState,
  ResetOutcome,
} from "./core/notifications.ts";
export type { AssociationOptions, SackOptions, SctpOptions } from "./core/options.ts";
export type { AddressInfo, Counters } from "./core/records.ts";
export type { RfcNotification } from "./core/rfc_names.ts";
export type { DropArgument } from "./core/server.ts";
export type { ListenOptions, ServerOptions } from "./core/server_options.ts";
export type { StackChoice, StackInfo } from "./core/stacks.ts";
export type { AssociationStatus, PeerInfo } from "./core/status.ts";

/** All that programs call, as the default export of `node:net` has it. */
const defaultExport: Omit<Net, "Server" | "Socket"> & typeof netHelpers & {
  Server: Net["Server"];
  Socket: Net["Socket"];
  createConnection: Net["connect"];
} = { ...net, ...netHelpers, createConnection };
export default defaultExport;
