/** Socket: an association, shaped as `net.Socket`, with what SCTP has beyond it. */
import { nextTick } from "node:process";
import { ASSOCIATION } from "../association/association.ts";
import { endedByPeer, ownSystemError, wrongState } from "../errors.ts";
import { calling } from "../exceptions.ts";
import type { Listening, SocketEvents } from "./events.ts";
import { readableOfAny } from "./getters.ts";
import { IDLE, IdleTimer } from "./idle_timer.ts";
import { MessageStream } from "./message_stream.ts";
import { chunkOf, ppidOf, sidOf, type Writable } from "../association/message.ts";
import type { Stack } from "../shim/native.ts";
import { heartbeats, milliseconds } from "../options/association.ts";
import type { WriteCallback } from "../association/outbox.ts";
import { type AddressInfo, OPTION } from "../shim/records.ts";
import type { BaseServer } from "./server.ts";
import { openStart, type SocketStart } from "./socket_start.ts";
import { type AssociationStatus, type PeerInfo, peerInfoOf, statusOf } from "./lksctp_names.ts";
import { duration, optionalEncoding, optionalFunction, requiredFunction } from "../validate.ts";

/** What `setKeepAlive()` takes in place of its two arguments, as `net`'s since Node 24. */
export interface KeepAliveOptions {
  /** Whether idle paths are watched. Default false. */
  enable?: boolean;
  /** Milliseconds between heartbeats; 0 leaves the interval as it is. Default 0. */
  initialDelay?: number;
}

/** How to listen to the events of {@linkcode SocketEvents}. */
export interface Socket {
  /** Adds a listener; its arguments follow from the event's name. */
  on: Listening<SocketEvents, this>;
  /** Adds a listener that is called once. */
  once: Listening<SocketEvents, this>;
  /** The same as `on()`. */
  addListener: Listening<SocketEvents, this>;
  /** Adds a listener before those there are. */
  prependListener: Listening<SocketEvents, this>;
  /** The same, for one call. */
  prependOnceListener: Listening<SocketEvents, this>;
  /** Removes a listener. */
  off: Listening<SocketEvents, this>;
  /** The same as `off()`. */
  removeListener: Listening<SocketEvents, this>;
}

/** Makes a socket; users get theirs from `connect()` or a server. */
export function startSocket(start: SocketStart): Socket {
  return new Socket(openStart(start));
}

/**
 * An SCTP association, shaped as `net.Socket`. Each `'data'` chunk is one whole message: a Buffer with the `sid` and
 * `ppid` it came with.
 *
 * Events, in `net`'s order: `lookup`, `connect`, `ready`; then `data`, `drain`, `timeout`, `notification`,
 * `address-change` and `peer-info-update` as they come; `end`; at last `close`, which tells whether there was an error.
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
export class Socket extends MessageStream {
  static {
    readableOfAny(this.prototype, { pending: true, readyState: "closed" });
  }

  /** Milliseconds as set by `setTimeout()`; undefined if it was not called. */
  timeout: number | undefined;

  /** The server that accepted it; null at the end that connected. */
  server: BaseServer | null;
  #defaultEncoding: BufferEncoding | undefined;

  /**
   * Not for users: `connect()` and servers make sockets.
   *
   * @throws ERR_ILLEGAL_CONSTRUCTOR always
   */
  constructor(start: SocketStart) {
    super(start);
    this.server = start.server ?? null;
    if (start.connect?.plan.timeout) this.setTimeout(start.connect.plan.timeout);
  }

  // ---------------------------------------------------------------- state

  /** Whether the association is still being set up. */
  get connecting(): boolean {
    return this[ASSOCIATION].state === "connecting";
  }

  /** Whether there is no association: not yet, or no more. */
  get pending(): boolean {
    return this.connecting || this[ASSOCIATION].state === "closed";
  }

  /** "opening", "open", "readOnly", "writeOnly" or "closed", as `net` has them. */
  get readyState(): "opening" | "open" | "readOnly" | "writeOnly" | "closed" {
    if (this.connecting) return "opening";
    if (this.readable && this.writable) return "open";
    if (this.readable) return "readOnly";
    return this.writable ? "writeOnly" : "closed";
  }

  /** The stack that serves this socket; undefined while its library is being fetched. */
  get stack(): Stack | undefined {
    return this[ASSOCIATION].loop?.stack;
  }

  /** Streams this end may send on, as negotiated; 0 while connecting. */
  get outboundStreams(): number {
    return this[ASSOCIATION].outboundStreams;
  }

  /** Streams the peer may send on, as negotiated; 0 while connecting. */
  get inboundStreams(): number {
    return this[ASSOCIATION].inboundStreams;
  }

  /** Payload received, in bytes. */
  get bytesRead(): number {
    return this[ASSOCIATION].inbox.bytes;
  }

  /** Payload written, in bytes, with what still waits. */
  get bytesWritten(): number {
    return this[ASSOCIATION].outbox.bytes + this.writableLength;
  }

  /** Bytes written that the stack has not taken yet; undefined when closed. `writableLength` is the same. */
  get bufferSize(): number | undefined {
    return this[ASSOCIATION].state === "closed" ? undefined : this.writableLength;
  }

  /**
   * The association's state and counters (SCTP_STATUS, RFC 6458 section 8.2.1).
   *
   * @throws ERR_SCTP_DESTROYED after destroy()
   * @throws ENOTCONN while connecting and after the association has ended
   */
  status(): AssociationStatus {
    if (this.destroyed) throw wrongState("ERR_SCTP_DESTROYED", "status called after destroy");
    const { loop, handle, isUp } = this[ASSOCIATION];
    if (!isUp) throw ownSystemError("ENOTCONN", "getsockopt");
    const status = loop.status(handle);
    if (typeof status === "number") throw loop.error(status, "getsockopt", { detail: "" });
    return statusOf(status);
  }

  // ---------------------------------------------------------------- addresses

  /** The local address; `{}` while there is none, as `net` has it. */
  address(): AddressInfo | Record<string, never> {
    const { local } = this[ASSOCIATION].ends;
    return local ? { ...local } : {};
  }

  /** The address of this end that packets leave from, as far as the stack tells. */
  get localAddress(): string | undefined {
    return this[ASSOCIATION].ends.local?.address;
  }

  /** All addresses of this end, `localAddress` first. */
  get localAddresses(): string[] {
    return this[ASSOCIATION].ends.locals.map(({ address }) => address);
  }

  /** The SCTP port of this end; undefined before there is one. */
  get localPort(): number | undefined {
    return this[ASSOCIATION].ends.local?.port;
  }

  /** The UDP port of this end, where SCTP goes over UDP and while there is an association. */
  get localUdpPort(): number | undefined {
    return this[ASSOCIATION].ends.udpPort("local");
  }

  /** The peer's UDP port, as of the last packet that came from it. */
  get remoteUdpPort(): number | undefined {
    return this[ASSOCIATION].ends.udpPort("remote");
  }

  /** The family of `localAddress`. */
  get localFamily(): "IPv4" | "IPv6" | undefined {
    return this[ASSOCIATION].ends.local?.family;
  }

  /** The peer's primary address. */
  get remoteAddress(): string | undefined {
    return this[ASSOCIATION].ends.remote?.address;
  }

  /** All addresses of the peer, the primary one first. */
  get remoteAddresses(): string[] {
    return this[ASSOCIATION].ends.remotes.map(({ address }) => address);
  }

  /** The SCTP port of the peer; undefined before it is known. */
  get remotePort(): number | undefined {
    return this[ASSOCIATION].ends.remote?.port;
  }

  /** The family of `remoteAddress`. */
  get remoteFamily(): "IPv4" | "IPv6" | undefined {
    return this[ASSOCIATION].ends.remote?.family;
  }

  /** Each of the peer's addresses with the state of its path, as of now; undefined where that is not known. */
  get peerInfoByAddress(): Record<string, PeerInfo | undefined> {
    const { remotes, paths } = this[ASSOCIATION].ends;
    const byAddress: Record<string, PeerInfo | undefined> = {};
    for (const { address } of remotes) byAddress[address] = undefined;
    for (const path of paths) byAddress[path.address.text] = peerInfoOf(path);
    return byAddress;
  }

  // ----------------------------------------------------------------- writing

  /**
   * Sends one message. `sid` and `ppid` are read from the Buffer now: what happens to its properties later does not
   * alter a message that waits.
   *
   * @returns false when `highWaterMark` is reached: wait for `'drain'`
   * @throws ERR_INVALID_ARG_TYPE for what is no string, Buffer or Uint8Array
   * @throws ERR_OUT_OF_RANGE for a `sid` or `ppid` that cannot be
   *
   * @param callback called once the stack has the message, or with the error that kept it from being sent
   */
  override write(data: Writable, callback?: WriteCallback): boolean;
  /** The same, with the encoding of a string. Default "utf8". */
  override write(data: Writable, encoding?: BufferEncoding, callback?: WriteCallback): boolean;
  override write(data: Writable, second?: BufferEncoding | WriteCallback, third?: WriteCallback): boolean {
    const callback = typeof second === "function" ? second : optionalFunction(third, "callback");
    const encoding = typeof second === "function" ? undefined : optionalEncoding(second);
    if (this.#isEndedByPeer) return this.#refuse(callback);
    if (data === null) return super.write(data, callback); // Node has its own error for it
    const chunk = chunkOf(data, encoding ?? this.#defaultEncoding);
    const { outbox } = this[ASSOCIATION];
    const [sid, ppid] = [sidOf(chunk), ppidOf(chunk)];
    // Only what the stream will pass on to _write() may be announced.
    if (!this.writable) return super.write(chunk, callback);
    if (outbox.refuses(sid, callback)) return !this.writableNeedDrain;
    // Node calls the callbacks of a batch in a row.
    const safely: WriteCallback | undefined = callback && ((error) => calling(() => callback(error)));
    return super.write(chunk, outbox.announce(sid, ppid, safely));
  }

  /** Sends a last message, if one is given, then SHUTDOWN: all that was written arrives first. */
  override end(callback?: () => void): this;
  /** The same; the callback is called when all has been handed to the stack. */
  override end(data: Writable, callback?: () => void): this;
  /** The same, with the encoding of a string. Default "utf8". */
  override end(data: Writable, encoding?: BufferEncoding, callback?: () => void): this;
  override end(first?: unknown, second?: unknown, third?: unknown): this {
    const [data, encoding, callback] = typeof first === "function"
      ? [undefined, undefined, first]
      : typeof second === "function"
      ? [first, undefined, second]
      : [first, second, third];
    const onFinish = optionalFunction(callback as (() => void) | undefined, "callback");
    const validEncoding = optionalEncoding(encoding);
    if (data === undefined || data === null) return super.end(onFinish);
    if (this.#isEndedByPeer) {
      this.#refuse(onFinish);
      return this;
    }
    const validData = data as Writable;
    // Node has its own errors for what comes too late.
    if (!this.writable) {
      return super.end(chunkOf(validData, validEncoding ?? this.#defaultEncoding), onFinish);
    }
    let failure: Error | null | undefined;
    // Not left to super.end(), which would pass by the write() above.
    this.write(validData, validEncoding, onFinish && ((error) => void (failure = error)));
    return super.end(onFinish && ((error?: Error) => (onFinish as WriteCallback)(failure ?? error)));
  }

  /** Whether it was ended because the peer's end has been read: "write after end" would blame the program for it. */
  get #isEndedByPeer(): boolean {
    return this.readableEnded && this.writableEnded && !this.allowHalfOpen;
  }

  #refuse(callback: WriteCallback | undefined): false {
    const error = endedByPeer();
    if (callback) nextTick(callback, error);
    this.destroy(error);
    return false;
  }

  /** What strings are written in where `write()` does not say. */
  override setDefaultEncoding(encoding: BufferEncoding): this {
    super.setDefaultEncoding(encoding);
    this.#defaultEncoding = encoding;
    return this;
  }

  // ---------------------------------------------------------------- settings

  /**
   * Sends small messages at once (true, the default), or gathers them (false): SCTP_NODELAY. Does nothing after
   * `destroy()`, as all settings.
   */
  setNoDelay(noDelay = true): this {
    if (!this.destroyed) this[ASSOCIATION].setOption(OPTION.NO_DELAY, noDelay ? 1 : 0);
    return this;
  }

  /**
   * Heartbeats on idle paths (RFC 9260 section 8.3), which SCTP has in place of TCP's keep-alive: on or off for this
   * association, and every `initialDelay` milliseconds; 0 leaves the interval as it is.
   */
  setKeepAlive(enable: boolean | KeepAliveOptions = false, initialDelay = 0): this {
    if (this.destroyed) return this;
    const [isOn, delay] = Object(enable) === enable
      ? [(enable as KeepAliveOptions).enable, (enable as KeepAliveOptions).initialDelay]
      : [enable, initialDelay];
    const interval = milliseconds(Number(delay ?? 0));
    for (const [name, value] of heartbeats(Boolean(isOn), interval)) this[ASSOCIATION].setOption(name, value);
    return this;
  }

  /** Emits `'timeout'` when nothing came and nothing went for so many milliseconds; 0 turns that off. */
  setTimeout(timeout: number, callback?: () => void): this {
    if (this.destroyed) return this;
    const ms = duration(timeout, "msecs");
    const listener = callback === undefined ? undefined : requiredFunction(callback, "callback");
    this.timeout = timeout;
    this[IDLE] ??= new IdleTimer(() => this.emit("timeout"));
    this[IDLE].set(ms);
    if (listener && ms === 0) this.removeListener("timeout", listener);
    else if (listener) this.once("timeout", listener);
    return this;
  }

  /** Ends the socket, and destroys it once all that was written has been handed to the stack. */
  destroySoon(): void {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once("finish", () => this.destroy());
  }
}
