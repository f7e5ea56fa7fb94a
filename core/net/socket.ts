/** Socket: an association, shaped as `net.Socket`, with what SCTP has beyond it. */
import { abortReason } from "./abort_reason.ts";
import type { Association } from "../association/association.ts";
import type { CloseReason } from "../association/close_reason.ts";
import { addLocalAddress, removeLocalAddress } from "../association/local_addresses.ts";
import type { NegotiatedFeatures } from "../association/negotiation.ts";
import { type AssociationStatistics, statisticsOf } from "../association/statistics.ts";
import type { Keys } from "../association/keys.ts";
import type { Path, Paths } from "../association/paths.ts";
import type { SocketStart } from "./connection.ts";
import type { Writable } from "../association/message.ts";
import { notConnected, wrongState } from "../errors.ts";
import type { Listening, SocketEvents } from "./events.ts";
import { readableOfAny } from "./getters.ts";
import { type AssociationStatus, type PeerInfo, peerInfoByAddress, statusOf } from "../lksctp_names.ts";
import { planMessages, type SendOptions } from "../options/send_options.ts";
import {
  type PathOptions,
  planChanges,
  planPath,
  planStallTimeout,
  type SctpOptions,
} from "../options/sctp_options.ts";
import type { Stack } from "../shim/native.ts";
import { connectionOf, NetSocket, startAs, writeWith } from "./net_socket.ts";
import type { WriteCallback } from "./socket_writer.ts";
import { ip, optionalFunction } from "../validate.ts";
import { keyBytes, keyNumber } from "../options/auth_options.ts";

/** How to listen to the events of {@linkcode SocketEvents}. */
export interface Socket {
  /** Adds a listener; its arguments follow from the event's name. One of `notification` has the stack tell of everything. */
  on: Listening<SocketEvents, this>;
  /** The same as `on()`. */
  addListener: Listening<SocketEvents, this>;
  /** Adds a listener before those there are. */
  prependListener: Listening<SocketEvents, this>;
  /** Adds a listener that is called once. */
  once: Listening<SocketEvents, this>;
  /** Adds a listener before those there are, for one call. */
  prependOnceListener: Listening<SocketEvents, this>;
  /** Removes a listener. */
  off: Listening<SocketEvents, this>;
  /** The same as `off()`. */
  removeListener: Listening<SocketEvents, this>;
}

/** Makes a socket; users get theirs from `connect()` or a server. */
export function startSocket(start: SocketStart): Socket {
  return startAs(Socket, start);
}

/**
 * An SCTP association, shaped as `net.Socket`. Each `'data'` chunk is one whole message: a Buffer with the `sid` and
 * `ppid` it came with.
 *
 * Events, in `net`'s order: `lookup`, `connect`, `ready`; then `data`, `drain`, `timeout`, `undelivered`, `notification`,
 * `address-change`, `peer-info-update` and `path` as they come; `end`; at last `close`, which tells whether there was an error.
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
 */
export class Socket extends NetSocket {
  static {
    Object.defineProperty(this, "name", { value: "Socket" }); // which a bundler may change
    readableOfAny(this.prototype);
  }

  get #association(): Association | undefined {
    return connectionOf(this).association;
  }

  // ---------------------------------------------------------------- state

  /** The stack that serves this socket; undefined while its library is being fetched. */
  get stack(): Stack | undefined {
    return this.#association?.loop.stack;
  }

  /** Streams this end may send on, as negotiated; 0 while connecting. */
  get outboundStreams(): number {
    return this.#association?.sender.outboundStreams ?? 0;
  }

  /** Streams the peer may send on, as negotiated; 0 while connecting. */
  get inboundStreams(): number {
    return this.#association?.inboundStreams ?? 0;
  }

  /**
   * Why the association has ended, or why there is none; undefined before that. It is there before `'error'`, `'end'` and
   * `'close'` tell of it, and the error bears it, too.
   *
   * @example
   * ```ts
   * import { connect } from "netsctp";
   *
   * const socket = connect({ port: 3868, host: "127.0.0.1" });
   * socket.on("error", () => {});
   * socket.on("close", () => console.log(socket.closeReason)); // { reason: "refused", by: "peer" }
   * ```
   */
  get closeReason(): CloseReason | undefined {
    return connectionOf(this).closeReason;
  }

  /**
   * The association's state and counters (SCTP_STATUS, RFC 6458 section 8.2.1).
   *
   * @throws ERR_SCTP_DESTROYED after destroy()
   * @throws ENOTCONN while connecting and after the association has ended
   */
  status(): AssociationStatus {
    if (this.destroyed) throw wrongState("ERR_SCTP_DESTROYED", "status called after destroy");
    const association = this.#association;
    if (!association?.isUp) throw notConnected("getsockopt");
    const status = association.queryStatus();
    if (typeof status === "number") throw association.loop.error(status, "getsockopt", { detail: "" });
    return statusOf(status);
  }

  /**
   * What both ends have; undefined before the association is up. After the end it is what was known when it was last
   * asked for.
   *
   * @example
   * ```ts
   * import { connect } from "netsctp";
   *
   * const socket = connect({ port: 3868, host: "127.0.0.1", sctp: { dynamicAddresses: true } });
   * socket.on("connect", () => {
   *   if (!socket.features!.dynamicAddresses) console.warn("the peer does not take other addresses later");
   * });
   * ```
   */
  get features(): Readonly<NegotiatedFeatures> | undefined {
    return this.#association?.negotiation.features;
  }

  /**
   * What was counted so far: messages and payload by this package, packets and chunks by the stack. Never throws. After
   * the end it is what was last known: of the stack's counts that is as of this end's `end()` or `destroy()`, or of the
   * call before.
   *
   * @example
   * ```ts
   * import { connect } from "netsctp";
   *
   * const socket = connect({ port: 3868, host: "127.0.0.1" });
   * socket.on("close", () => {
   *   const { messagesOut, bytesOut, retransmitted } = socket.stats();
   *   console.log(`${messagesOut} messages of ${bytesOut} bytes; ${retransmitted} chunks were sent again`);
   * });
   * ```
   */
  stats(): AssociationStatistics {
    const { association, writer } = connectionOf(this);
    return statisticsOf(association, writer.held);
  }

  // ---------------------------------------------------------------- options

  /**
   * Changes options while it is up; while connecting, for the association to come. Does nothing after `destroy()`, as all
   * settings. Where one of them is refused, none is changed.
   *
   * @param options as `sctp` of `connect()` and `createServer()`
   * @throws ERR_SCTP_TOO_LATE for what an association is begun with
   * @throws ERR_INVALID_ARG_VALUE for an unknown name, ERR_OUT_OF_RANGE, and EINVAL where the stack refuses a value
   *
   * @example
   * ```ts
   * import { connect } from "netsctp";
   *
   * const socket = connect({ port: 3868, host: "127.0.0.1" });
   * socket.once("connect", () => socket.configure({ heartbeat: 5000, retransmissions: { path: 3 } }));
   * ```
   */
  configure(options: SctpOptions): this {
    const rows = planChanges(options);
    const messages = planMessages(options, "options");
    const stallTimeout = planStallTimeout(options, "options");
    if (this.destroyed) return this;
    const connection = connectionOf(this);
    if (messages.send !== undefined) this.#association?.checkSend(messages.send);
    connection.withAssociation((association) => {
      association.configure(rows);
      if (stallTimeout !== undefined) association.setStallTimeout(stallTimeout);
    });
    connection.configureMessages(messages); // last: where a row is refused, all stays as it was
    return this;
  }

  // ---------------------------------------------------------------- closing

  /**
   * Aborts the association now, as `resetAndDestroy()`, and tells the peer why: its `closeReason` has `causeCode` 12 and
   * the reason as `causeData` (User-Initiated Abort, RFC 9260 section 3.3.10.12). While connecting, as soon as it is up.
   *
   * @param reason 1024 bytes at most. Userspace stack only: the kernel has it for one-to-many sockets alone
   * @throws ERR_SCTP_UNSUPPORTED for a reason on the kernel's stack
   * @throws ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE
   *
   * @example
   * ```ts
   * import { connect } from "netsctp";
   *
   * const socket = connect({ port: 3868, host: "127.0.0.1", stack: "userspace" });
   * socket.once("connect", () => socket.abort("configuration has changed"));
   * ```
   */
  abort(reason?: string | Uint8Array): this {
    connectionOf(this).reset(abortReason(reason));
    return this;
  }

  /**
   * The options of `sctp` as the stack has them now, its own defaults among them. Undefined is what it does not have, or
   * does not tell. Streams and partial reliability are as negotiated; all paths' options are those of a path that has
   * none of its own.
   *
   * @throws ERR_SCTP_DESTROYED after destroy()
   * @throws ENOTCONN while connecting and after the association has ended
   *
   * @example
   * ```ts
   * import { connect } from "netsctp";
   *
   * const socket = connect({ port: 3868, host: "127.0.0.1" }, () => {
   *   console.log(socket.configuration().rto); // { initial: 3000, min: 1000, max: 60000 }
   * });
   * ```
   */
  configuration(): SctpOptions {
    if (this.destroyed) throw wrongState("ERR_SCTP_DESTROYED", "configuration called after destroy");
    const association = this.#association;
    if (!association?.isUp) throw notConnected("getsockopt");
    return association.configuration.read();
  }

  // ---------------------------------------------------------------- messages

  /**
   * Sends one message. It is `write()`, with what the message is sent with beside it: that counts before what the Buffer
   * has, and that before `sctp.send`.
   *
   * @returns false when `highWaterMark` is reached: wait for `'drain'`
   * @throws ERR_OUT_OF_RANGE, ERR_INVALID_ARG_TYPE, ERR_INVALID_IP_ADDRESS for a value that cannot be
   * @throws ERR_INVALID_ARG_VALUE for an unknown name
   * @throws ERR_INCOMPATIBLE_OPTION_PAIR for two of `timeToLive`, `maxRetransmits` and `priority`, and for `stream` and
   * `sid` that differ
   * @throws ERR_SCTP_UNKNOWN_ADDRESS where the peer does not have the `destination`
   * @throws ERR_SCTP_UNSUPPORTED for `key` and `priority` on the userspace stack
   *
   * @param callback called once the stack has the message, or with the error that kept it from being sent:
   * ERR_SCTP_EXPIRED where its time to live was over before
   *
   * @example
   * ```ts
   * import { connect, PPID } from "netsctp";
   *
   * const socket = connect({ port: 38412, host: "127.0.0.1" }, () => {
   *   socket.send("gone in a second", { stream: 3, ppid: PPID.NGAP, timeToLive: 1000 }, (error) => console.log(error));
   * });
   * ```
   */
  send(data: Writable, options?: SendOptions, callback?: WriteCallback): boolean;
  /** The same, without options. */
  send(data: Writable, callback: WriteCallback): boolean;
  send(data: Writable, second?: SendOptions | WriteCallback, third?: WriteCallback): boolean {
    const isCallback = typeof second === "function";
    const callback = isCallback ? second : optionalFunction(third, "callback");
    return writeWith(this, data, isCallback ? undefined : second, callback);
  }

  // ---------------------------------------------------------------- keys

  /**
   * Adds a key for signed chunks (SCTP_AUTH_KEY, RFC 6458 section 8.3.3), or puts another in its place; while connecting,
   * for the association to come. Both ends need it before either activates it.
   *
   * @param number 0 to 65535
   * @param key 1 to 65535 bytes, which are copied and never given back
   * @throws ERR_SCTP_NOT_NEGOTIATED where the ends have not both asked for `sctp.auth`
   * @throws ERR_OUT_OF_RANGE, ERR_INVALID_ARG_TYPE, in whose texts there is no key
   *
   * @example
   * ```ts
   * import { connect } from "netsctp";
   *
   * const [old, fresh] = [Buffer.from("as both know"), Buffer.from("another")];
   * const socket = connect({ port: 3868, host: "127.0.0.1", sctp: { auth: { keys: { 1: old } } } });
   * socket.once("connect", () => {
   *   socket.setKey(2, fresh); // the peer does the same; then, at both ends:
   *   socket.activateKey(2).deleteKey(1);
   * });
   * ```
   */
  setKey(number: number, key: Uint8Array): this {
    const [valid, copy] = [keyNumber(number, "number"), keyBytes(key, "key")];
    return this.#withKeys((keys) => keys.set(valid, copy));
  }

  /**
   * Signs with another key from now on (SCTP_AUTH_ACTIVE_KEY, RFC 6458 section 8.1.18). The key of before still verifies
   * what the peer has signed with it.
   *
   * @throws ERR_SCTP_NOT_NEGOTIATED, and EINVAL where there is no such key
   */
  activateKey(number: number): this {
    const valid = keyNumber(number, "number");
    return this.#withKeys((keys) => keys.activate(valid));
  }

  /**
   * Gives a key up (SCTP_AUTH_DEACTIVATE_KEY and SCTP_AUTH_DELETE_KEY, RFC 6458 sections 8.3.4 and 8.3.5): deletes it as
   * soon as the peer has acknowledged all that it has signed here. From then on nothing that the peer signs with it is
   * taken: let the peer activate another one before.
   *
   * @throws ERR_INVALID_STATE for the key that this end signs with
   * @throws ERR_SCTP_NOT_NEGOTIATED, ENOTCONN while connecting and after the end, EINVAL where there is no such key
   */
  deleteKey(number: number): this {
    const valid = keyNumber(number, "number");
    return this.#withKeys((keys) => keys.delete(valid));
  }

  #withKeys(act: (keys: Keys) => void): this {
    if (!this.destroyed) connectionOf(this).withAssociation(({ keys }) => act(keys));
    return this;
  }

  // ---------------------------------------------------------------- addresses

  /** All addresses of this end, `localAddress` first. */
  get localAddresses(): string[] {
    return (this.#association?.addresses.local ?? []).map(({ address }) => address);
  }

  /**
   * Adds an address of this host to this end (ASCONF, RFC 5061), and has the stack tell the peer, which follows:
   * `address-change` there. Nothing tells when it has. Not for an end that is bound to any address.
   *
   * @throws ERR_SCTP_NOT_NEGOTIATED where the ends have not both asked for `sctp.dynamicAddresses`
   * @throws ERR_INVALID_IP_ADDRESS, ENOTCONN while connecting and after the end, EADDRNOTAVAIL, EADDRINUSE for one that
   * this end has, EINVAL for one that the stack does not take
   *
   * @example
   * ```ts
   * import { connect } from "netsctp";
   *
   * const socket = connect({ port: 3868, host: "127.0.0.1", sctp: { dynamicAddresses: true } });
   * socket.once("connect", () => socket.addLocalAddress("127.0.0.2").removeLocalAddress("127.0.0.1"));
   * ```
   */
  addLocalAddress(address: string): this {
    const valid = ip(address);
    if (!this.destroyed) addLocalAddress(this.#started, valid);
    return this;
  }

  /**
   * Removes an address of this end, and has the stack tell the peer. The host has to keep it until the peer has
   * acknowledged that: the answer may come to it.
   *
   * @throws ERR_SCTP_LAST_ADDRESS for the only one, ERR_SCTP_UNKNOWN_ADDRESS for one that this end does not have
   * @throws ERR_SCTP_NOT_NEGOTIATED, ERR_INVALID_IP_ADDRESS, ENOTCONN, EINVAL, as addLocalAddress()
   */
  removeLocalAddress(address: string): this {
    const valid = ip(address);
    if (!this.destroyed) removeLocalAddress(this.#started, valid);
    return this;
  }

  /** The association, which only waits for its library else. */
  get #started(): Association {
    if (this.#association === undefined) throw notConnected("bind");
    return this.#association;
  }

  /** All addresses of the peer, the primary one first. */
  get remoteAddresses(): string[] {
    return (this.#association?.addresses.remote ?? []).map(({ address }) => address);
  }

  /** The UDP port of this end, where SCTP goes over UDP and while there is an association. */
  get localUdpPort(): number | undefined {
    return this.#association?.addresses.udpPort("local");
  }

  /** The peer's UDP port, as of the last packet that came from it. */
  get remoteUdpPort(): number | undefined {
    return this.#association?.addresses.udpPort("remote");
  }

  /** Each of the peer's addresses with the state of its path, as of now; undefined where that is not known. */
  get peerInfoByAddress(): Record<string, PeerInfo | undefined> {
    return this.#association ? peerInfoByAddress(this.#association.addresses) : {};
  }
  // ---------------------------------------------------------------- paths

  /**
   * The paths of the association, one to each address of the peer, the primary one first; `[]` while there is none. Asked
   * of the stack at each call (RFC 6458 section 8.2.2).
   *
   * @example
   * ```ts
   * import { connect } from "netsctp";
   *
   * const socket = connect({ port: 3868, remoteAddresses: ["10.0.0.1", "10.1.0.1"] });
   * socket.on("path", (path, change) => console.log(path.address, change));
   * socket.once("connect", () => {
   *   for (const { address, state, srtt } of socket.paths()) console.log(address, state, srtt);
   * });
   * ```
   */
  paths(): Path[] {
    return this.#association?.paths.list() ?? [];
  }

  /**
   * Sets options of one path (RFC 6458 section 8.1.12); `configure()` sets those of all. Does nothing after `destroy()`, as
   * all settings.
   *
   * @param address one of `remoteAddresses`
   * @throws ERR_INVALID_ARG_VALUE for an unknown name, ERR_OUT_OF_RANGE, and EINVAL where the stack refuses a value
   * @throws ERR_SCTP_UNKNOWN_ADDRESS where the peer does not have the address, ERR_INVALID_IP_ADDRESS
   * @throws ENOTCONN while connecting and after the association has ended
   */
  configurePath(address: string, options: PathOptions): this {
    const rows = planPath(options);
    const valid = ip(address);
    return this.#withPaths((paths) => paths.configure(valid, rows));
  }

  /**
   * Sends a heartbeat now (RFC 9260 section 8.3): an answer measures the path, and one that was unreachable is available
   * again.
   *
   * @param address one of `remoteAddresses`. Default: each of them
   * @throws ERR_SCTP_UNKNOWN_ADDRESS, ERR_INVALID_IP_ADDRESS, ENOTCONN as `configurePath()`
   */
  sendHeartbeat(address?: string): this {
    const valid = address === undefined ? undefined : ip(address);
    return this.#withPaths((paths) => paths.sendHeartbeat(valid));
  }

  /**
   * Has messages go to one of the peer's addresses from now on, as long as that path works (SCTP_PRIMARY_ADDR, RFC 6458
   * section 8.1.9). The event `path` with "primary" follows.
   *
   * @param address one of `remoteAddresses`, confirmed
   * @throws ERR_SCTP_UNKNOWN_ADDRESS, ERR_INVALID_IP_ADDRESS, ENOTCONN as `configurePath()`, EINVAL while it is unconfirmed
   */
  setPrimaryPath(address: string): this {
    const valid = ip(address);
    return this.#withPaths((paths) => paths.setPrimary(valid));
  }

  /**
   * Asks the peer to send its messages to one of this end's addresses from now on (SCTP_SET_PEER_PRIMARY_ADDR, RFC 6458
   * section 8.3.1; RFC 5061 section 4.2.5). The peer may do so, and has its event `path` with "primary" then; there is no
   * answer.
   *
   * @param localAddress one of `localAddresses`
   * @throws ERR_SCTP_NOT_NEGOTIATED where the ends have not both asked for `sctp.dynamicAddresses`
   * @throws ERR_SCTP_UNKNOWN_ADDRESS, ERR_INVALID_IP_ADDRESS, ENOTCONN as `configurePath()`
   */
  requestPrimaryPath(localAddress: string): this {
    const valid = ip(localAddress);
    return this.#withPaths((paths) => paths.requestPrimary(valid));
  }

  #withPaths(act: (paths: Paths) => void): this {
    if (this.destroyed) return this;
    if (!this.#association?.isUp) throw notConnected("setsockopt");
    act(this.#association.paths);
    return this;
  }
}
