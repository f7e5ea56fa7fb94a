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
import { createNet, type Net } from "./core/net.ts";

const net: Net = createNet(runtime);

/** Makes a server; `listener` is added to its `connection` event. */
export const createServer: Net["createServer"] = net.createServer;

/** Starts an association; `listener` is added to the socket's `connect` event. */
export const connect: Net["connect"] = net.connect;

/** The same as {@linkcode connect}, as `net` has it. */
export const createConnection: Net["connect"] = net.connect;

/** Which stack serves a choice, and why. Throws ERR_SCTP_UNAVAILABLE where none does. */
export const stackInfo: Net["stackInfo"] = net.stackInfo;

/** What the native side has counted in this process: calls, wakes, system calls, messages. */
export const counters: Net["counters"] = net.counters;

export { Server } from "./core/server.ts";
export { Socket } from "./core/socket.ts";
export type { SystemError } from "./core/errors.ts";
export type { Message, MessageProperties } from "./core/message.ts";
export type { Stack } from "./core/native.ts";
export type { AssociationState, Notification, PathState } from "./core/notifications.ts";
export type { AssociationOptions, ConnectOptions, ListenOptions, ServerOptions } from "./core/options.ts";
export type { AddressInfo, Counters } from "./core/records.ts";
export type { Writable } from "./core/socket.ts";
export type { StackChoice, StackInfo } from "./core/stacks.ts";
