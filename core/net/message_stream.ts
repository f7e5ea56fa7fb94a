/**
 * MessageStream: one association as a Duplex, a chunk a message. Here are the
 * stream's hooks; what SCTP is stands in association.ts, and what else
 * `net.Socket` has in socket.ts.
 */
import { nextTick } from "node:process";
import { addAbortSignal, Duplex } from "node:stream";
import { clearTimeout, setImmediate, setTimeout } from "node:timers";
import { ASSOCIATION, Association, type AssociationOwner } from "../association/association.ts";
import { Connector, type ConnectorOwner } from "./connector.ts";
import { changesAddresses, changesPaths } from "../association/ends.ts";
import { misuse, neverConnected, sctpError, streamDestroyed, wrongState } from "../errors.ts";
import { calling, untilNoneThrows } from "../exceptions.ts";
import { noteSelf, readableOfAny } from "./getters.ts";
import { IDLE, type IdleTimer } from "./idle_timer.ts";
import type { Loop } from "../shim/loop.ts";
import type { Message } from "../association/message.ts";
import type { DecodedNotification } from "../notifications/decode.ts";
import { OnRead } from "./on_read.ts";
import type { WriteCallback } from "../association/outbox.ts";
import { type Connecting, isOpened, type Keeper, type SocketStart } from "./socket_start.ts";
import { encodingName } from "../validate.ts";

/** @internal */
// deno-lint-ignore no-explicit-any -- as EventEmitter has it
type Listener = (...args: any[]) => void;

// How long destroy() after end() lets a SHUTDOWN that has begun go on before it aborts.
const CLOSING_TIMEOUT_MS = 5000;

/** The stream's part of {@linkcode Socket}: a `stream.Duplex`, one chunk a message. */
export class MessageStream extends Duplex {
  static {
    Object.defineProperty(this, "name", { value: "MessageStream" }); // bundled it would be another
    // Its type is a property's, which no accessor of a class may stand for.
    const readableEncoding = function (this: MessageStream) {
      return this.#encoding ?? null;
    };
    Object.defineProperty(this.prototype, "readableEncoding", { configurable: true, get: readableEncoding });
    readableOfAny(this.prototype, { readableEncoding: null });
    // Truthy, but not `true`: node:tls refuses a stream that says exactly that, and where it is false
    // Readable.toWeb() copies each message, which loses its stream and identifier.
    Object.defineProperty(this.prototype, "readableObjectMode", { configurable: true, get: () => 1 });
  }

  /** @internal */
  readonly [ASSOCIATION]: Association;
  /** @internal */
  [IDLE]: IdleTimer | undefined;
  /** Until it is up: with it goes what connect() was given, which may hold a listener. */
  #connector: Connector | undefined;
  #tried: readonly string[] | undefined;
  readonly #onRead: OnRead | undefined;
  #encoding: BufferEncoding | undefined;
  readonly #keeper: Keeper | undefined;
  #isReset = false;
  /** A 'readable' is to come for what read() has left. */
  #tellsOfRest = false;
  /** END has come while messages still wait for the user's buffer. */
  #endsAfterReading = false;
  #onOpen: (() => void) | undefined;
  /** Set while destroy() waits for a SHUTDOWN to be through. */
  #onClosed: (() => void) | undefined;

  /** @internal */
  constructor(start: SocketStart) {
    if (!isOpened(start)) {
      throw misuse("ERR_ILLEGAL_CONSTRUCTOR", "A Socket is made by connect() or handed out by a Server");
    }
    const { loop, plan, accepted, connect, keeper } = start;
    super({
      allowHalfOpen: false,
      emitClose: false, // 'close' tells whether there was an error, as net's does: #finish()
      readableObjectMode: true, // one chunk is one message; Inbox counts the bytes
      writableHighWaterMark: plan.highWaterMark,
    });
    noteSelf(this);
    this.#keeper = keeper;
    const isHere = !(loop instanceof Promise);
    const owner = new MessageStream.#Owner(this);
    this[ASSOCIATION] = new Association(isHere ? loop : undefined, plan, owner, accepted);
    if (connect?.plan.onread) {
      this.#onRead = new OnRead(connect.plan.onread, this, {
        onConsumed: () => this[ASSOCIATION].inbox.consumed(),
        onNoBuffer: (error) => void this.destroy(error),
      });
    }
    if (isHere) this.#start(loop, connect);
    else loop.then((loop) => this.#start(loop, connect)).catch((error) => void this.destroy(error));
    // Not left to Duplex: it would destroy what is not there yet, where the signal says so already.
    if (connect?.plan.signal) addAbortSignal(connect.plan.signal, this);
  }

  #start(loop: Loop, connect: Connecting | undefined): void {
    if (this.destroyed) return; // while the library was fetched
    const socketOptions = connect?.socketOptions(loop.stack) ?? [];
    this[ASSOCIATION].start(loop);
    if (connect === undefined) return;
    const owner: ConnectorOwner = {
      emit: (event, ...args) => this.#tell(event, ...args),
      onFailed: (error) => void this.destroy(error),
    };
    this.#connector = new Connector(this[ASSOCIATION], connect.plan, socketOptions, owner);
  }

  /** Addresses that were tried, in their order, as "address:port"; undefined where there was but one. */
  get autoSelectFamilyAttemptedAddresses(): string[] | undefined {
    const tried = this.#connector?.tried ?? this.#tried;
    return tried && [...tried];
  }

  #stopConnecting(): void {
    this.#connector?.stop();
    this.#tried ??= this.#connector?.tried;
    this.#connector = undefined;
  }

  /** What the association may call; a class of its own, since it is not for users. */
  static readonly #Owner = class implements AssociationOwner {
    readonly #stream: MessageStream;

    constructor(stream: MessageStream) {
      this.#stream = stream;
    }

    get readableLength(): number {
      return this.#stream.readableLength + (this.#stream.#onRead?.length ?? 0);
    }
    get writableNeedDrain(): boolean {
      return this.#stream.writableNeedDrain;
    }
    cork(): void {
      this.#stream.cork();
    }
    uncork(): void {
      this.#stream.uncork();
    }
    onMessage(message: Message): void {
      this.#stream.#onMessage(message);
    }
    onProgress(): void {
      this.#stream[IDLE]?.touch();
    }
    onUnsent(error: Error): void {
      nextTick(() => this.#stream.destroyed || this.#stream.emit("error", error));
    }
    onUp(): void {
      this.#stream.#onUp();
    }
    onNotification(notification: DecodedNotification): void {
      this.#stream.#onNotification(notification);
    }
    onEnd(): void {
      this.#stream.#onEnd();
    }
    onError(errno: number): void {
      this.#stream.#onError(errno);
    }
    onCut(bytes: number): void {
      if (this.#stream.#onClosed) return this.#stream.#onClosed();
      const message =
        `The peer ended the association in the middle of a message: ${bytes} bytes of it had come`;
      this.#stream.destroy(sctpError("ERR_SCTP_PARTIAL_MESSAGE", message));
    }
    onTooLarge(limit: number): void {
      const message = `A message of more than ${limit} bytes came in: maxMessageSize sets the limit`;
      this.#stream.destroy(sctpError("ERR_SCTP_MESSAGE_TOO_LARGE", message));
    }
  };

  // ------------------------------------------------- what comes from the peer

  #onUp(): void {
    this.#connector?.arrived();
    this.#stopConnecting();
    this[IDLE]?.touch();
    this.#tell("connect");
    this.#tell("ready");
    if (this.isPaused()) this[ASSOCIATION].inbox.hold(); // by a listener of these, or before
    this.#onOpen?.();
  }

  #onMessage(message: Message): void {
    this[IDLE]?.touch();
    if (this.#onRead) this.#onRead.add(message);
    else this.push(message);
  }

  #onNotification(notification: DecodedNotification): void {
    if (this.listenerCount("notification") > 0) {
      const { raw, parsed, interpreted } = notification; // which are made when they are read
      this.#tellWhileOpen("notification", { raw, parsed, interpreted });
    }
    if (changesAddresses(notification)) this.#tellWhileOpen("address-change");
    if (changesPaths(notification)) this.#tellWhileOpen("peer-info-update");
  }

  /** Nothing comes after a destroy() in a listener that was called just before. */
  #tellWhileOpen(event: string, ...args: unknown[]): void {
    if (!this.destroyed) this.#tell(event, ...args);
  }

  /** Emits what others come behind: they must not be lost for a listener's exception. */
  #tell(event: string, ...args: unknown[]): void {
    calling(() => this.emit(event, ...args));
  }

  #onEnd(): void {
    if (this.#onClosed) return this.#onClosed();
    this.#endsAfterReading = this.#onRead?.isReading === false;
    if (this.#endsAfterReading) return;
    calling(() => this.push(null)); // it may call listeners of 'readable'
    this.read(0); // so that 'end' comes, when nothing is left to be read, although nobody reads
  }

  #onError(errno: number): void {
    if (this.#onClosed) return this.#onClosed();
    if (this[ASSOCIATION].state === "connecting") return this.#connector!.failed(errno);
    this.destroy(this[ASSOCIATION].endError(errno, "read"));
  }

  // ----------------------------------------------------------------- reading

  /** @internal */
  override _read(): void {
    this[ASSOCIATION].inbox.asked();
  }

  /** The next message, or null. A size is of no use here: a message is never split. A string after setEncoding(). */
  override read(size?: number): Message | null;
  /** The same; any, or TypeScript would not take a socket for a NodeJS.ReadableStream. */
  // deno-lint-ignore no-explicit-any -- see above
  override read(size?: number): any;
  override read(size?: number): Message | string | null {
    // A listener of 'data' that throws does not stop the flow: the next message is tried.
    const message = untilNoneThrows(() => super.read(size) as Message | null);
    this[ASSOCIATION].inbox.consumed();
    if (message === null) return null;
    this.#tellOfRest();
    return this.#encoding === undefined ? message : message.toString(this.#encoding);
  }

  /**
   * 'readable' comes again while messages remain: those who call read() once each time, as is enough for the bytes of a
   * byte stream, would wait for what they have already.
   */
  #tellOfRest(): void {
    if (this.#tellsOfRest || this.readableLength === 0 || this.listenerCount("readable") === 0) return;
    this.#tellsOfRest = true;
    nextTick(() => {
      this.#tellsOfRest = false;
      if (this.readableLength > 0 && !this.destroyed) this.emit("readable");
    });
  }

  #emitText(event: string | symbol, ...args: unknown[]): boolean {
    if (event === "data") return super.emit(event, (args[0] as Message).toString(this.#encoding));
    return super.emit(event, ...args);
  }

  /**
   * From now on each message is given as one string, without its `sid` and `ppid`. Each is decoded by itself: a
   * character that lies in two messages is not put together.
   *
   * @throws ERR_UNKNOWN_ENCODING
   */
  override setEncoding(encoding?: BufferEncoding): this {
    // Not left to Readable, which joins what waits, and counts in characters.
    this.#encoding = encodingName(encoding);
    this.emit = this.#emitText; // this socket's own: the events of others shall not take the detour
    return this;
  }

  /** Stops `'data'`, or the calls of `onread`. */
  override pause(): this {
    this.#onRead?.pause();
    return super.pause();
  }

  /** Goes on after {@linkcode MessageStream.pause}. */
  override resume(): this {
    super.resume();
    this.#onRead?.resume();
    if (this.#endsAfterReading) this.#onEnd();
    return this;
  }

  // ----------------------------------------------------------------- writing

  /** @internal */
  override _write(chunk: Uint8Array, _encoding: string, callback: WriteCallback): void {
    this._writev([{ chunk }], callback);
  }

  /** @internal */
  override _writev(chunks: Array<{ chunk: Uint8Array }>, callback: WriteCallback): void {
    this[IDLE]?.touch();
    this[ASSOCIATION].outbox.write(chunks, callback);
  }

  // ---------------------------------------------------------------- closing

  /** @internal */
  override _final(callback: WriteCallback): void {
    const shutdown = () => {
      this[ASSOCIATION].shutdown();
      callback();
    };
    if (this[ASSOCIATION].state === "connecting") this.#onOpen = shutdown;
    else shutdown();
  }

  /** Aborts the association now, also where a SHUTDOWN has begun; while connecting, as soon as it is up. */
  resetAndDestroy(): this {
    if (this[ASSOCIATION].state === "closed") {
      return this.destroy(wrongState("ERR_SOCKET_CLOSED", "Socket is closed"));
    }
    if (this[ASSOCIATION].state === "connecting") return this.once("connect", () => this.resetAndDestroy());
    this.#isReset = true;
    if (this.#onClosed) this.#onClosed();
    return this.destroy();
  }

  // destroy(): ABORT, unless a SHUTDOWN has begun and there is no error; that gets a few seconds to be through.
  /** @internal */
  override _destroy(error: Error | null, callback: WriteCallback): void {
    this.#stopConnecting();
    this[IDLE]?.set(0);
    this.#onRead?.stop();
    // After end(), with nothing left to send, the SHUTDOWN only waits for the stream's ticks.
    const hasEnded = this.writableEnded && this[ASSOCIATION].outbox.hasSent(this.writableLength);
    if (hasEnded && !error && !this.#isReset) this[ASSOCIATION].shutdown();
    const isClosing = this[ASSOCIATION].state === "closing";
    if (!isClosing || error || this.#isReset) return this.#finish(error, callback);
    const timer = setTimeout(() => this.#onClosed?.(), CLOSING_TIMEOUT_MS).unref();
    this.#onClosed = () => {
      this.#onClosed = undefined;
      clearTimeout(timer);
      this.#finish(error, callback);
    };
    this[ASSOCIATION].inbox.discard();
  }

  #finish(error: Error | null, callback: WriteCallback): void {
    const wasUp = this[ASSOCIATION].state !== "connecting";
    this[ASSOCIATION].close();
    // An error costs more than all the rest of a close, so it is only made where a write waits for one.
    if (!this[ASSOCIATION].outbox.hasSent(this.writableLength)) {
      this[ASSOCIATION].outbox.cancel(wasUp ? error ?? streamDestroyed() : neverConnected());
    }
    callback(error);
    this.#keeper?.onOver();
    const { context } = this[ASSOCIATION];
    // Behind the 'error' and the answers to writes that are in line, as net has it.
    setImmediate(() => {
      context.runInAsyncScope(this.#tell, this, "close", error !== null);
      this.#keeper?.onGone(this);
      context.emitDestroy();
    });
  }

  /** Lets this socket keep the process alive (the default). */
  ref(): this {
    return this.#setRef(true);
  }

  /** Lets the process end although this socket is open. */
  unref(): this {
    return this.#setRef(false);
  }

  #setRef(isRef: boolean): this {
    this[ASSOCIATION].setRef(isRef);
    return this;
  }

  // All ways to listen lead through these three. To listen for 'newListener' instead would cost each of them more.

  /** As EventEmitter's. A listener of `notification` has the stack tell of everything. */
  override on(event: string | symbol, listener: Listener): this {
    if (event === "notification") this[ASSOCIATION].wantAllEvents();
    return super.on(event, listener);
  }

  /** The same as `on()`. */
  override addListener(event: string | symbol, listener: Listener): this {
    return this.on(event, listener);
  }

  /** As EventEmitter's, before the listeners there are. */
  override prependListener(event: string | symbol, listener: Listener): this {
    if (event === "notification") this[ASSOCIATION].wantAllEvents();
    return super.prependListener(event, listener);
  }
}
