/** What `net.Socket` has, over an association. What SCTP has beyond it is in socket.ts. */
import { nextTick } from "node:process";
import { addAbortSignal, Duplex } from "node:stream";
import type { Association } from "../association/association.ts";
import { endArguments } from "../options/call_forms.ts";
import { Connection, type SocketStart } from "./connection.ts";
import { endedByPeer, misuse } from "../errors.ts";
import { calling, untilNoneThrows } from "../exceptions.ts";
import { noteSelf, readableOfAny } from "./getters.ts";
import { IdleTimer } from "./idle_timer.ts";
import { bytesOf, type Message, type Writable } from "../association/message.ts";
import { type KeepAliveOptions, keepAliveOptions } from "./keep_alive.ts";
import { type AddressInfo, type NumberedOption, OPTION } from "../shim/records.ts";
import { planSend, planSendOptions, type SendOptions } from "../options/send_options.ts";
import type { BaseServer } from "./server.ts";
import type { WriteCallback } from "./socket_writer.ts";
import { duration, encodingName, optionalEncoding, optionalFunction, requiredFunction } from "../validate.ts";

const NOT_FOR_USERS = "A Socket is made by connect() or handed out by a Server";

/** Makes a socket of a class; users get theirs from `connect()` or a server. */
export let startAs: <S extends NetSocket>(
  Class: new (key: unknown, given?: unknown) => S,
  start: SocketStart,
) => S;

/** As `write()`, with what a message is sent with beside it. */
export let writeWith: (
  socket: NetSocket,
  data: Writable,
  options: SendOptions | undefined,
  callback: WriteCallback | undefined,
) => boolean;

/** What is under a socket. */
export let connectionOf: (socket: NetSocket) => Connection;

/** The members of {@linkcode Socket} that `net.Socket` has, too. */
export class NetSocket extends Duplex {
  /** Only startAs() has it: the constructor is not for users. */
  static readonly #key = {};
  static {
    startAs = (Class, start) => new Class(NetSocket.#key, start);
    connectionOf = (socket) => socket.#connection;
    writeWith = (socket, data, options, callback) => socket.#write(data, options, undefined, callback);
    Object.defineProperty(this, "name", { value: "NetSocket" }); // which a bundler may change
    // TypeScript declares it as a property, so that no accessor of the class may override it.
    const readableEncoding = function (this: NetSocket) {
      return this.#connection.reader.encoding ?? null;
    };
    Object.defineProperty(this.prototype, "readableEncoding", { configurable: true, get: readableEncoding });
    // Every way of adding a listener ends up in one of these. One of 'newListener' would slow down all of them.
    for (const name of ["on", "addListener", "prependListener"] as const) {
      const add = Duplex.prototype[name];
      const value = function (this: NetSocket, event: string | symbol, listener: () => void) {
        if (event === "notification") {
          this.#connection.withAssociation((association) => association.subscribeToAllEvents());
        }
        return add.call(this, event, listener);
      };
      Object.defineProperty(this.prototype, name, { configurable: true, writable: true, value });
    }
    readableOfAny(this.prototype, { pending: true, readyState: "closed", readableEncoding: null });
    // Truthy but not `true`: node:tls rejects `=== true`, and Readable.toWeb() copies chunks when it is falsy, which
    // loses sid and ppid.
    Object.defineProperty(this.prototype, "readableObjectMode", { configurable: true, get: () => 1 });
  }

  /** Milliseconds as set by `setTimeout()`; undefined if it was not called. */
  timeout: number | undefined;

  /** The server that accepted it; null at the end that connected. */
  server: BaseServer | null;
  readonly #connection: Connection;
  #defaultEncoding: BufferEncoding | undefined;

  /**
   * Not for users: `connect()` and servers make sockets.
   *
   * @throws ERR_ILLEGAL_CONSTRUCTOR always
   */
  constructor(key: unknown, given?: unknown) {
    if (key !== NetSocket.#key) throw misuse("ERR_ILLEGAL_CONSTRUCTOR", NOT_FOR_USERS);
    const start = given as SocketStart;
    super({
      allowHalfOpen: false,
      emitClose: false, // 'close' says whether there was an error, as net's does
      readableObjectMode: true, // one chunk is one message; ReceiveQueue counts the bytes
      writableHighWaterMark: start.plan.highWaterMark,
    });
    noteSelf(this);
    this.server = start.server ?? null;
    this.#connection = new Connection(this, start);
    const { signal, timeout } = start.connect?.plan ?? {};
    // Wired here rather than by Duplex's `signal` option, which would destroy the socket before its fields exist.
    if (signal) addAbortSignal(signal, this);
    if (timeout) this.setTimeout(timeout);
    if (start.isPaused) {
      this.pause();
      this.#connection.association!.receiveQueue.hold();
    }
  }

  // ---------------------------------------------------------------- state

  /** Whether the association is still being set up. */
  get connecting(): boolean {
    return this.#connection.isConnecting;
  }

  /** Whether there is no association: not yet, or no more. */
  get pending(): boolean {
    return this.connecting || this.#connection.state === "closed";
  }

  /** "opening", "open", "readOnly", "writeOnly" or "closed", as `net` has them. */
  get readyState(): "opening" | "open" | "readOnly" | "writeOnly" | "closed" {
    if (this.connecting) return "opening";
    if (this.readable && this.writable) return "open";
    if (this.readable) return "readOnly";
    return this.writable ? "writeOnly" : "closed";
  }

  /** Payload received, in bytes. */
  get bytesRead(): number {
    return this.#association?.receiveQueue.bytes ?? 0;
  }

  /** Payload written, in bytes, with what still waits. */
  get bytesWritten(): number {
    return this.#connection.writer.bytesWritten + this.writableLength;
  }

  /** Bytes written that the stack has not taken yet; undefined when closed. `writableLength` is the same. */
  get bufferSize(): number | undefined {
    return this.#connection.state === "closed" ? undefined : this.writableLength;
  }

  get #association(): Association | undefined {
    return this.#connection.association;
  }

  /** Addresses that were tried, in their order, as "address:port"; undefined where there was but one. */
  get autoSelectFamilyAttemptedAddresses(): string[] | undefined {
    return this.#connection.tried;
  }

  // ---------------------------------------------------------------- addresses

  /** The one that packets leave from, as far as the stack tells. */
  get #local(): AddressInfo | undefined {
    return this.#association?.addresses.local[0];
  }

  /** The peer's primary address. */
  get #remote(): AddressInfo | undefined {
    return this.#association?.addresses.remote[0];
  }

  /** The local address; `{}` while there is none, as `net` has it. */
  address(): AddressInfo | Record<string, never> {
    const local = this.#local;
    return local ? { ...local } : {};
  }

  /** The address of this end that packets leave from, as far as the stack tells. */
  get localAddress(): string | undefined {
    return this.#local?.address;
  }

  /** The SCTP port of this end; undefined before there is one. */
  get localPort(): number | undefined {
    return this.#local?.port;
  }

  /** The family of `localAddress`. */
  get localFamily(): "IPv4" | "IPv6" | undefined {
    return this.#local?.family;
  }

  /** The peer's primary address. */
  get remoteAddress(): string | undefined {
    return this.#remote?.address;
  }

  /** The SCTP port of the peer; undefined before it is known. */
  get remotePort(): number | undefined {
    return this.#remote?.port;
  }

  /** The family of `remoteAddress`. */
  get remoteFamily(): "IPv4" | "IPv6" | undefined {
    return this.#remote?.family;
  }

  // ---------------------------------------------------------------- reading

  /** @internal */
  override _read(): void {
    this.#connection.withAssociation(({ receiveQueue }) => receiveQueue.request());
  }

  /** The next message, or null. A size is of no use here: a message is never split. A string after setEncoding(). */
  override read(size?: number): Message | null;
  /** The same; any, or TypeScript would not take a socket for a NodeJS.ReadableStream. */
  // deno-lint-ignore no-explicit-any -- see above
  override read(size?: number): any;
  override read(size?: number): Message | string | null {
    // A listener of 'data' that throws does not stop the flow: the next message is tried.
    return this.#connection.reader.onRead(untilNoneThrows(() => super.read(size) as Message | null));
  }

  /**
   * From now on each message is given as one string, without its `sid` and `ppid`. Each is decoded by itself: a
   * character that lies in two messages is not put together.
   *
   * @throws ERR_UNKNOWN_ENCODING
   */
  override setEncoding(encoding?: BufferEncoding): this {
    // Not left to Readable, which joins what waits, and counts in characters.
    this.#connection.reader.encoding = encodingName(encoding);
    // What waits in the Readable is a Buffer already, and there is no public way to replace it: 'data' is decoded when it
    // is emitted. Only this socket's emit() is replaced, so that the events of others cost no more.
    this.emit = this.#emitText;
    return this;
  }

  #emitText(event: string | symbol, ...args: unknown[]): boolean {
    if (event === "data") return super.emit(event, (args[0] as Message).toString(this.readableEncoding!));
    return super.emit(event, ...args);
  }

  /** Stops `'data'`, or the calls of `onread`. */
  override pause(): this {
    this.#connection.reader.userBuffer?.pause();
    return super.pause();
  }

  /** Goes on after {@linkcode Socket.pause}. */
  override resume(): this {
    super.resume();
    this.#connection.reader.resume();
    return this;
  }

  // ---------------------------------------------------------------- writing

  /**
   * Sends one message. What it is sent with, the names of {@linkcode SendOptions}, is read from the Buffer now: what
   * happens to its properties later does not alter a message that waits.
   *
   * @returns false when `highWaterMark` is reached: wait for `'drain'`
   * @throws ERR_INVALID_ARG_TYPE for what is no string, Buffer or Uint8Array
   * @throws ERR_OUT_OF_RANGE for a property that cannot be, and what else `send()` throws
   *
   * @param callback called once the stack has the message, or with the error that kept it from being sent
   */
  override write(data: Writable, callback?: WriteCallback): boolean;
  /** The same, with the encoding of a string. Default "utf8". */
  override write(data: Writable, encoding?: BufferEncoding, callback?: WriteCallback): boolean;
  override write(data: Writable, second?: BufferEncoding | WriteCallback, third?: WriteCallback): boolean {
    const callback = typeof second === "function" ? second : optionalFunction(third, "callback");
    const encoding = typeof second === "function" ? undefined : optionalEncoding(second);
    return this.#write(data, undefined, encoding, callback);
  }

  #write(
    data: Writable,
    options: SendOptions | undefined,
    encoding: BufferEncoding | undefined,
    callback: WriteCallback | undefined,
  ): boolean {
    if (this.#isEndedByPeer) return this.#refuse(callback);
    if (data === null) return super.write(data, callback); // Node has its own error for it
    const bytes = bytesOf(data, encoding ?? this.#defaultEncoding);
    const { writer } = this.#connection;
    const properties = data as SendOptions; // a string has none
    let plan = planSend(properties, "data", writer.defaults);
    if (options !== undefined) plan = planSendOptions(options, "options", plan);
    if (plan.extra !== undefined) this.#association?.checkSend(plan);
    // The writer needs the heads of what Duplex will pass on to _write(), and of nothing else. Not by `writable`, which a
    // program may set to false without stopping Duplex.
    if (this.writableEnded || this.destroyed) return super.write(bytes, callback);
    return super.write(bytes, writer.addHead(plan, bytes.length, callback));
  }

  /** Sends a last message, if one is given, then SHUTDOWN: all that was written arrives first. */
  override end(callback?: () => void): this;
  /** The same; the callback is called when all has been handed to the stack. */
  override end(data: Writable, callback?: () => void): this;
  /** The same, with the encoding of a string. Default "utf8". */
  override end(data: Writable, encoding?: BufferEncoding, callback?: () => void): this;
  override end(first?: unknown, second?: unknown, third?: unknown): this {
    const { data, encoding, callback } = endArguments(first, second, third);
    const onFinish: WriteCallback | undefined = optionalFunction(callback as WriteCallback, "callback");
    const validEncoding = optionalEncoding(encoding);
    let failure: Error | null | undefined;
    // Guarded, since Node calls it before it sees to 'finish' and to destroy().
    const safely: WriteCallback | undefined = onFinish &&
      ((error) => calling(() => onFinish(failure ?? error)));
    if (data === undefined || data === null) return super.end(safely);
    if (this.#isEndedByPeer) {
      this.#refuse(safely);
      return this;
    }
    // Node has its own errors for what comes too late.
    if (!this.writable) {
      return super.end(bytesOf(data as Writable, validEncoding ?? this.#defaultEncoding), safely);
    }
    // Not left to super.end(), which would not call the write() above.
    this.write(data as Writable, validEncoding, safely && ((error) => void (failure = error)));
    return super.end(safely);
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

  /** @internal */
  override _write(chunk: Uint8Array, _encoding: string, callback: WriteCallback): void {
    this.#connection.write([{ chunk }], callback);
  }

  /** @internal */
  override _writev(chunks: Array<{ chunk: Uint8Array }>, callback: WriteCallback): void {
    this.#connection.write(chunks, callback);
  }

  // ---------------------------------------------------------------- settings

  /**
   * Sends small messages at once (true, the default), or gathers them (false): SCTP_NODELAY. Does nothing after
   * `destroy()`, as all settings.
   */
  setNoDelay(noDelay = true): this {
    return this.#setOptions([[OPTION.NO_DELAY, noDelay ? 1 : 0]]);
  }

  /**
   * Heartbeats on idle paths (RFC 9260 section 8.3), which SCTP has in place of TCP's keep-alive: on or off for this
   * association, and every `initialDelay` milliseconds, 4 hours at most; 0 leaves the interval as it is.
   */
  setKeepAlive(enable: boolean | KeepAliveOptions = false, initialDelay = 0): this {
    return this.#setOptions(keepAliveOptions(enable, initialDelay));
  }

  #setOptions(options: readonly NumberedOption[]): this {
    if (this.destroyed) return this;
    this.#connection.withAssociation((association) => association.configure(options));
    return this;
  }

  /** Emits `'timeout'` when nothing came and nothing went for so many milliseconds; 0 turns that off. */
  setTimeout(timeout: number, callback?: () => void): this {
    if (this.destroyed) return this;
    const ms = duration(timeout, "msecs");
    const listener = callback === undefined ? undefined : requiredFunction(callback, "callback");
    this.timeout = timeout;
    this.#connection.idleTimer ??= new IdleTimer(() => this.emit("timeout"));
    this.#connection.idleTimer.set(ms);
    if (listener && ms === 0) this.removeListener("timeout", listener);
    else if (listener) this.once("timeout", listener);
    return this;
  }

  /** Lets this socket keep the process alive (the default). */
  ref(): this {
    this.#connection.withAssociation((association) => association.setRef(true));
    return this;
  }

  /** Lets the process end although this socket is open. */
  unref(): this {
    this.#connection.withAssociation((association) => association.setRef(false));
    return this;
  }

  // ---------------------------------------------------------------- closing

  /** Ends the socket, and destroys it once all that was written has been handed to the stack. */
  destroySoon(): void {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once("finish", () => this.destroy());
  }

  /** Aborts the association now, also where a SHUTDOWN has begun; while connecting, as soon as it is up. */
  resetAndDestroy(): this {
    this.#connection.reset();
    return this;
  }

  /** @internal */
  override _final(callback: WriteCallback): void {
    this.#connection.shutdown(callback);
  }

  /** @internal */
  override _destroy(error: Error | null, callback: WriteCallback): void {
    this.#connection.destroy(error, callback);
  }
}
