/**
 * Socket: one association as a Duplex. Here are the stream's hooks and `net`'s
 * properties; what SCTP is stands in association.ts.
 */
import { Buffer } from "node:buffer";
import { nextTick } from "node:process";
import { Duplex } from "node:stream";
import { clearTimeout, setTimeout } from "node:timers";
import { Association, type AssociationOwner } from "./association.ts";
import { misuse, ownSystemError, sctpError, wrongState } from "./errors.ts";
import type { Loop } from "./loop.ts";
import { invalidChunk, type Message, type MessageProperties, ppidOf, sidOf } from "./message.ts";
import type { Stack } from "./native.ts";
import type { Notification } from "./notifications.ts";
import type { AssociationPlan, ConnectPlan } from "./options.ts";
import type { WriteCallback } from "./outbox.ts";
import type { Accepted, AddressInfo } from "./records.ts";
import { resolveHost } from "./resolve.ts";

/** What a socket starts from: a connection that a server accepted, or a peer to connect to. */
export interface SocketStart {
  readonly loop: Loop;
  readonly plan: AssociationPlan;
  readonly accepted?: Accepted;
  readonly connect?: ConnectPlan;
}

/** What can be written: text, or bytes with the properties of their message. */
export type Writable = string | Uint8Array & MessageProperties;

// How long destroy() after end() lets a SHUTDOWN that has begun go on before it aborts.
const CLOSING_TIMEOUT_MS = 5000;

// Only starts made here open the constructor.
const starts = new WeakSet<object>();

/** Makes a socket; users get theirs from `connect()` or a server. */
export function startSocket(start: SocketStart): Socket {
  starts.add(start);
  return new Socket(start);
}

/**
 * An SCTP association, shaped as `net.Socket`. Each `'data'` chunk is one whole message: a Buffer with the `sid` and
 * `ppid` it came with.
 *
 * Events, in `net`'s order: `connect`, `ready`; then `data`, `drain` and `notification` as they come; `end`; at last
 * `close`, which tells whether there was an error.
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
export class Socket extends Duplex {
  readonly #association: Association;
  #isRef = true;
  #connectTimer: NodeJS.Timeout | undefined;
  #onOpen: (() => void) | undefined;
  /** Set while destroy() waits for a SHUTDOWN to be through. */
  #onClosed: (() => void) | undefined;

  /** @throws ERR_ILLEGAL_CONSTRUCTOR always: use `connect()` or a server. */
  constructor(start: SocketStart) {
    if (typeof start !== "object" || start === null || !starts.has(start)) {
      throw misuse("ERR_ILLEGAL_CONSTRUCTOR", "A Socket is made by connect() or handed out by a Server");
    }
    const { loop, plan, accepted, connect } = start;
    super({
      allowHalfOpen: false,
      emitClose: false, // 'close' tells whether there was an error, as net's does: #finish()
      readableObjectMode: true, // one chunk is one message; Inbox counts the bytes
      writableHighWaterMark: plan.highWaterMark,
    });
    this.#association = new Association(loop, plan, new Socket.#Owner(this), accepted);
    loop.ref();
    if (connect) this.#connect(connect);
  }

  /** What the association may call; a class of its own, since it is not for users. */
  static readonly #Owner = class implements AssociationOwner {
    readonly #socket: Socket;

    constructor(socket: Socket) {
      this.#socket = socket;
    }

    get readableLength(): number {
      return this.#socket.readableLength;
    }
    onMessage(message: Message): void {
      this.#socket.push(message);
    }
    onUp(): void {
      this.#socket.#onUp();
    }
    onNotification(notification: Notification): void {
      this.#socket.emit("notification", notification);
    }
    onEnd(): void {
      this.#socket.#onEnd();
    }
    onError(errno: number): void {
      this.#socket.#onError(errno);
    }
    onTooLarge(limit: number): void {
      this.#socket.#onTooLarge(limit);
    }
  };

  // ---------------------------------------------------------------- opening

  #connect(plan: ConnectPlan): void {
    if (plan.callback) this.once("connect", plan.callback);
    if (plan.connectTimeout > 0) {
      this.#connectTimer = setTimeout(() => {
        const detail = `no answer within ${plan.connectTimeout} ms`;
        const { address, port } = this.#association.remote ?? { address: plan.host, port: plan.port };
        this.destroy(ownSystemError("ETIMEDOUT", "connect", { address, port, detail }));
      }, plan.connectTimeout);
    }
    // Not before the caller could add its listeners, also where no name has to be looked up.
    nextTick(() =>
      resolveHost(plan.host, (error, address) => {
        if (this.destroyed) return;
        if (error) this.destroy(error);
        else this.#associate(plan, { address, port: plan.port });
      })
    );
  }

  #associate(plan: ConnectPlan, peer: { address: string; port: number }): void {
    const any = peer.address.includes(":") ? "::" : "0.0.0.0";
    const local = plan.local && { address: plan.local.address ?? any, port: plan.local.port };
    const request = { options: plan.socketOptions, local: local ? [local] : [], remote: [peer] };
    const result = this.#association.connect(request);
    if (result === 0) return;
    const { loop } = this.#association;
    const isBind = local && ["EADDRINUSE", "EADDRNOTAVAIL", "EACCES"].includes(loop.errorName(-result));
    this.destroy(isBind ? loop.error(result, "bind", local) : loop.error(result, "connect", peer));
  }

  // ------------------------------------------------- what comes from the peer

  #onUp(): void {
    clearTimeout(this.#connectTimer);
    try {
      this.emit("connect");
      this.emit("ready");
    } finally {
      this.#onOpen?.();
    }
  }

  #onEnd(): void {
    if (this.#onClosed) return this.#onClosed();
    this.push(null);
    this.read(0); // so that 'end' comes, when nothing is left to be read, although nobody reads
  }

  #onError(errno: number): void {
    if (this.#onClosed) return this.#onClosed();
    const { loop, remote } = this.#association;
    const error = this.connecting
      ? loop.error(-errno, "connect", { address: remote?.address, port: remote?.port, detail: "" })
      : loop.error(-errno, "read", { detail: "" });
    this.destroy(error);
  }

  #onTooLarge(limit: number): void {
    const message = `A message of more than ${limit} bytes came in: maxMessageSize sets the limit`;
    this.destroy(sctpError("ERR_SCTP_MESSAGE_TOO_LARGE", message));
  }

  // ------------------------------------------------------ reading and writing

  override _read(): void {
    this.#association.inbox.resume();
  }

  /** The next message, or null. A size is of no use here: a message is never split. */
  override read(size?: number): Message | null {
    const message = super.read(size) as Message | null;
    if (message !== null) this.#association.inbox.consumed(message.length);
    return message;
  }

  /**
   * Sends one message. `sid` and `ppid` are read from the Buffer now: what happens to its properties later does not
   * alter a message that waits.
   *
   * @returns false when `highWaterMark` is reached: wait for `'drain'`
   * @throws ERR_INVALID_ARG_TYPE for what is no string, Buffer or Uint8Array
   * @throws ERR_OUT_OF_RANGE for a `sid` or `ppid` that cannot be
   */
  override write(data: Writable, callback?: WriteCallback): boolean;
  override write(data: Writable, encoding?: BufferEncoding, callback?: WriteCallback): boolean;
  override write(data: Writable, second?: BufferEncoding | WriteCallback, third?: WriteCallback): boolean {
    const callback = typeof second === "function" ? second : third;
    const encoding = typeof second === "function" ? undefined : second;
    if (data === null) return super.write(data, callback); // Node has its own error for it
    const chunk: Uint8Array & MessageProperties = typeof data === "string"
      ? Buffer.from(data, encoding)
      : data;
    if (!(chunk instanceof Uint8Array)) throw invalidChunk(data);
    // Only what the stream will pass on to _write() may be announced.
    if (this.writable) this.#association.outbox.announce(sidOf(chunk), ppidOf(chunk));
    return super.write(chunk, callback);
  }

  /** Sends a last message, if one is given, then SHUTDOWN: all that was written arrives first. */
  override end(callback?: () => void): this;
  override end(data: Writable, callback?: () => void): this;
  override end(data: Writable, encoding?: BufferEncoding, callback?: () => void): this;
  override end(...args: unknown[]): this {
    const callback = typeof args.at(-1) === "function" ? args.pop() as () => void : undefined;
    const [data, encoding] = args;
    // Not left to super.end(), which would pass by the write() above.
    if (data !== undefined && data !== null) this.write(data as Writable, encoding as BufferEncoding);
    return super.end(callback);
  }

  override _write(chunk: Uint8Array, _encoding: string, callback: WriteCallback): void {
    this.#association.outbox.write([chunk], callback);
  }

  override _writev(chunks: Array<{ chunk: Uint8Array }>, callback: WriteCallback): void {
    this.#association.outbox.write(chunks.map(({ chunk }) => chunk), callback);
  }

  // ---------------------------------------------------------------- closing

  override _final(callback: WriteCallback): void {
    const shutdown = () => {
      this.#association.shutdown();
      callback();
    };
    if (this.connecting) this.#onOpen = shutdown;
    else shutdown();
  }

  /** destroy(): ABORT, unless a SHUTDOWN has begun and there is no error; that gets a few seconds to be through. */
  override _destroy(error: Error | null, callback: WriteCallback): void {
    clearTimeout(this.#connectTimer);
    if (this.#association.state !== "closing" || error) return this.#finish(error, callback);
    const timer = setTimeout(() => this.#onClosed?.(), CLOSING_TIMEOUT_MS);
    if (!this.#isRef) timer.unref();
    this.#onClosed = () => {
      this.#onClosed = undefined;
      clearTimeout(timer);
      this.#finish(error, callback);
    };
    this.#association.inbox.discard();
  }

  #finish(error: Error | null, callback: WriteCallback): void {
    this.#association.close();
    if (this.#isRef) this.#association.loop.unref();
    callback(error);
    nextTick(() => this.emit("close", error !== null)); // behind the 'error' that callback() has put in line
  }

  // ------------------------------------------------------- net's properties

  /** Whether the association is still being set up. */
  get connecting(): boolean {
    return this.#association.state === "connecting";
  }

  /** Whether there is no association yet. */
  get pending(): boolean {
    return this.connecting;
  }

  /** "opening", "open", "readOnly", "writeOnly" or "closed", as `net` has them. */
  get readyState(): "opening" | "open" | "readOnly" | "writeOnly" | "closed" {
    if (this.connecting) return "opening";
    if (this.readable && this.writable) return "open";
    if (this.readable) return "readOnly";
    return this.writable ? "writeOnly" : "closed";
  }

  /** The stack that serves this socket. */
  get stack(): Stack {
    return this.#association.loop.stack;
  }

  /** Streams this end may send on, as negotiated; 0 while connecting. */
  get outboundStreams(): number {
    return this.#association.outboundStreams;
  }

  /** Streams the peer may send on, as negotiated; 0 while connecting. */
  get inboundStreams(): number {
    return this.#association.inboundStreams;
  }

  /** Payload received, in bytes. */
  get bytesRead(): number {
    return this.#association.inbox.bytes;
  }

  /** Payload written, in bytes, with what still waits. */
  get bytesWritten(): number {
    return this.#association.outbox.bytes + this.writableLength;
  }

  /** The local address; `{}` while there is none, as `net` has it. */
  address(): AddressInfo | Record<string, never> {
    const { local } = this.#association;
    return local ? { ...local } : {};
  }

  get localAddress(): string | undefined {
    return this.#association.local?.address;
  }

  get localPort(): number | undefined {
    return this.#association.local?.port;
  }

  get localFamily(): "IPv4" | "IPv6" | undefined {
    return this.#association.local?.family;
  }

  get remoteAddress(): string | undefined {
    return this.#association.remote?.address;
  }

  get remotePort(): number | undefined {
    return this.#association.remote?.port;
  }

  get remoteFamily(): "IPv4" | "IPv6" | undefined {
    return this.#association.remote?.family;
  }

  /** Sends small messages at once (true, the default), or gathers them (false): SCTP_NODELAY. */
  setNoDelay(noDelay = true): this {
    if (this.destroyed) throw wrongState("ERR_SCTP_DESTROYED", "setNoDelay called after destroy");
    this.#association.setNoDelay(noDelay);
    return this;
  }

  /** Lets this socket keep the process alive (the default). */
  ref(): this {
    if (!this.#isRef && this.#association.state !== "closed") this.#association.loop.ref();
    this.#connectTimer?.ref();
    this.#isRef = true;
    return this;
  }

  /** Lets the process end although this socket is open. */
  unref(): this {
    if (this.#isRef && this.#association.state !== "closed") this.#association.loop.unref();
    this.#connectTimer?.unref();
    this.#isRef = false;
    return this;
  }
}
