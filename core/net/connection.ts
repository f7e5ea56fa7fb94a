/**
 * What is under a socket, from its making until 'close': the way to the peer, then the association. It says what happens
 * there by the socket's events.
 */
import { AsyncResource } from "node:async_hooks";
import type { Buffer } from "node:buffer";
import { nextTick } from "node:process";
import type { Duplex } from "node:stream";
import { clearTimeout, setImmediate, setTimeout } from "node:timers";
import { Association } from "../association/association.ts";
import { changesAddresses, changesPaths } from "../association/addresses.ts";
import { type CloseReason, failureReasonOf, ownReason } from "../association/close_reason.ts";
import { Connector } from "./connector.ts";
import { neverConnected, streamDestroyed, wrongState } from "../errors.ts";
import { calling } from "../exceptions.ts";
import type { IdleTimer } from "./idle_timer.ts";
import type { State } from "../association/lifecycle.ts";
import type { AssociationListener } from "../association/listener.ts";
import type { Message } from "../association/message.ts";
import type { DecodedNotification } from "../notifications/decode.ts";
import type { AssociationPlan } from "../options/association.ts";
import type { MessagePlan } from "../options/send_options.ts";
import type { ConnectPlan } from "../options/connect.ts";
import { unsupportedFeature } from "../options/features.ts";
import { unsupportedExtra } from "../association/send_checks.ts";
import type { Undelivered } from "../association/undelivered.ts";
import type { BaseServer } from "./server.ts";
import type { Loop } from "../shim/loop.ts";
import type { Stack } from "../shim/native.ts";
import type { Accepted, NumberedOption } from "../shim/records.ts";
import { type ReaderPort, SocketReader } from "./socket_reader.ts";
import { SocketWriter, type WriteCallback, type WriterPort } from "./socket_writer.ts";
import type { Opening } from "../shim/stacks.ts";

/** A connection to be made. */
export interface Connecting {
  readonly plan: ConnectPlan;
  /** Its options on the stack that serves it. */
  socketOptions(stack: Stack): readonly NumberedOption[];
}

/** Learns of a socket's end. */
export interface Keeper {
  /** Its association is over; 'close' is still to come. */
  onOver(): void;
  /** Comes after the listeners of 'close', which users may remove. */
  onGone(socket: object): void;
}

/** A connection that a server accepted, or a peer to connect to. */
export interface SocketStart {
  /** Gets it its loop. */
  readonly open: Opening;
  readonly plan: AssociationPlan;
  readonly accepted?: Accepted;
  /** Whether nothing is received before the program reads. */
  readonly isPaused?: boolean;
  /** The server that accepted it. */
  readonly server?: BaseServer;
  /** Counts it. */
  readonly keeper?: Keeper;
  readonly connect?: Connecting;
}

// How long destroy() after end() lets a SHUTDOWN that has begun go on before it aborts.
const CLOSING_TIMEOUT_MS = 5000;

function isRestart({ content }: DecodedNotification): boolean {
  return content.type === "association-change" && content.state === "restart";
}

export class Connection implements AssociationListener, ReaderPort, WriterPort {
  readonly #socket: Duplex;
  readonly #keeper: Keeper | undefined;
  /** The context that made the socket: what the stack and the peer bring about runs in it. */
  readonly #context = new AsyncResource("netsctp.Socket", { requireManualDestroy: true });
  readonly reader: SocketReader;
  readonly writer: SocketWriter;
  /** Undefined before the library is there, which may have to be fetched. */
  association: Association | undefined;
  idleTimer: IdleTimer | undefined;
  /** Why it is over, from when that is known. */
  closeReason: CloseReason | undefined;
  /** Dropped once it is up, together with what connect() was given, which may hold on to a listener. */
  #connector: Connector | undefined;
  #tried: readonly string[] | undefined;
  #isOver = false;
  #isReset = false;
  /** For the peer. */
  #abortReason: Buffer | undefined;
  /** What is to be done with the association as soon as there is one. */
  #onStart: Array<(association: Association) => void> | undefined;
  #onUp: (() => void) | undefined;
  /** Set while destroy() waits for a SHUTDOWN to be through. */
  #onClosing: (() => void) | undefined;

  constructor(socket: Duplex, { open, plan, accepted, connect, keeper }: SocketStart) {
    this.#socket = socket;
    this.#keeper = keeper;
    this.reader = new SocketReader(socket, this, connect?.plan.onread);
    this.writer = new SocketWriter(socket, this);
    this.configureMessages(plan.messages);
    open(
      (loop) => this.#start(loop, plan, accepted, connect),
      (error) => this.#cannotBegin(error),
    );
  }

  /** There is no association, and will be none. */
  #cannotBegin(error: Error, reason: CloseReason = failureReasonOf(error)): void {
    this.closeReason = reason;
    if (this.association) this.#fail(error);
    else this.#socket.destroy(error);
  }

  #start(loop: Loop, plan: AssociationPlan, accepted: Accepted | undefined, connect?: Connecting): void {
    if (this.#socket.destroyed) return; // while the library was fetched
    const socketOptions = connect?.socketOptions(loop.stack) ?? [];
    const association = new Association(loop, plan, this, this.#context, accepted);
    this.association = association;
    const error = unsupportedExtra(this.writer.defaults.extra, loop.stack);
    if (error !== undefined) return nextTick(() => this.#cannotBegin(error)); // the socket is still being made
    for (const act of this.#onStart ?? []) act(association);
    this.#onStart = undefined;
    if (connect === undefined) return;
    this.#connector = new Connector(association, connect.plan, socketOptions, {
      emit: (event, ...args) => this.#emit(event, ...args),
      onFailed: (error, reason) => this.#cannotBegin(error, reason),
    });
  }

  /** Sets what is sent with messages where nothing else says it, and whether received ones tell of their numbers. */
  configureMessages({ send, receiveInfo }: MessagePlan): void {
    if (send !== undefined) this.writer.defaults = send;
    if (receiveInfo !== undefined) {
      this.withAssociation(({ receiveQueue }) => void (receiveQueue.givesInfo = receiveInfo));
    }
  }

  get state(): State {
    return this.association?.state ?? (this.#isOver ? "closed" : "connecting");
  }

  get isConnecting(): boolean {
    return this.state === "connecting";
  }

  /** Does something with the association, as soon as there is one. */
  withAssociation(act: (association: Association) => void): void {
    if (this.association) act(this.association);
    else (this.#onStart ??= []).push(act);
  }

  /** Addresses that were tried, in their order, as "address:port"; undefined where there was but one. */
  get tried(): string[] | undefined {
    const tried = this.#connector?.tried ?? this.#tried;
    return tried && [...tried];
  }

  #stopConnecting(): void {
    this.#connector?.stop();
    this.#tried ??= this.#connector?.tried;
    this.#connector = undefined;
  }

  /** Emits an event that other work comes after, which must not be lost by a listener's exception. */
  #emit(event: string, ...args: unknown[]): void {
    calling(() => this.#socket.emit(event, ...args));
  }

  /** Nothing comes after a destroy() in a listener that was called just before. */
  #emitWhileOpen(event: string, ...args: unknown[]): void {
    if (!this.#socket.destroyed) this.#emit(event, ...args);
  }

  // ------------------------------------------------- what the association does

  onUp(): void {
    this.#connector?.onUp();
    this.#stopConnecting();
    this.idleTimer?.touch();
    this.#emit("connect");
    this.#emit("ready");
    if (this.#socket.isPaused()) this.association!.receiveQueue.hold(); // by a listener of these, or before
    this.#onUp?.();
  }

  onMessage(message: Message): void {
    this.idleTimer?.touch();
    this.reader.onMessage(message);
  }

  onPiece(): void {
    this.idleTimer?.touch();
  }

  onSent(): void {
    this.idleTimer?.touch();
  }

  onNotification(notification: DecodedNotification): void {
    if (this.#socket.listenerCount("notification") > 0) {
      const { raw, parsed, interpreted } = notification; // which are made when they are read
      this.#emitWhileOpen("notification", { raw, parsed, interpreted });
    }
    if (isRestart(notification)) {
      const { inboundStreams, sender: { outboundStreams } } = this.association!;
      this.#emitWhileOpen("restart", { outboundStreams, inboundStreams });
    }
    if (changesAddresses(notification)) this.#emitWhileOpen("address-change");
    if (changesPaths(notification)) this.#emitWhileOpen("peer-info-update");
    if (this.#socket.listenerCount("path") > 0 && this.association?.isUp) {
      const change = this.association.paths.changed(notification);
      if (change !== undefined) this.#emitWhileOpen("path", ...change);
    }
  }

  onClosed(reason: CloseReason, error: Error | undefined): void {
    if (!this.isConnecting) this.closeReason = reason; // or another attempt may follow
    if (this.#onClosing) this.#onClosing();
    else if (error === undefined) this.reader.onEnd();
    else if (this.isConnecting) this.#connector!.onFailed(error);
    else this.#fail(error);
  }

  get wantsUndelivered(): boolean {
    return this.#socket.listenerCount("undelivered") > 0;
  }

  onUndelivered(message: Undelivered): void {
    this.#context.runInAsyncScope(this.#emitWhileOpen, this, "undelivered", message);
  }

  /** The association has failed, or could not be: nobody will have what is left. */
  #fail(error: Error): void {
    this.association!.sender.giveBack();
    this.writer.giveBack();
    this.#socket.destroy(error);
  }

  // ------------------------------------------------- what the socket does

  write(chunks: Array<{ chunk: Uint8Array }>, callback: WriteCallback): void {
    this.idleTimer?.touch();
    this.writer.write(chunks, callback);
  }

  /** All that was written has been handed to the stack: begins the SHUTDOWN, as soon as it is up. */
  shutdown(callback: WriteCallback): void {
    const shutdown = () => {
      this.association!.shutdown();
      callback();
    };
    if (this.isConnecting) this.#onUp = shutdown;
    else shutdown();
  }

  /**
   * Aborts, also where a SHUTDOWN has begun; while connecting, as soon as it is up.
   *
   * @param reason for the peer
   * @throws ERR_SCTP_UNSUPPORTED where the stack, if it is known, cannot tell it
   */
  reset(reason?: Buffer): void {
    const refusal = reason && this.association &&
      unsupportedFeature("abort.reason", this.association.loop.stack);
    if (refusal) throw refusal;
    if (this.state === "closed") this.#socket.destroy(wrongState("ERR_SOCKET_CLOSED", "Socket is closed"));
    else if (this.isConnecting) this.#socket.once("connect", () => this.#resetNow(reason));
    else this.#resetNow(reason);
  }

  #resetNow(reason: Buffer | undefined): void {
    this.#isReset = true;
    this.#abortReason = reason;
    this.#onClosing?.();
    // The stack may not have been known before.
    this.#socket.destroy(reason && unsupportedFeature("abort.reason", this.association!.loop.stack));
  }

  /** ABORT, unless a SHUTDOWN has begun and there is no error; that gets a few seconds to be through. */
  destroy(error: Error | null, callback: WriteCallback): void {
    this.#stopConnecting();
    this.idleTimer?.set(0);
    this.reader.userBuffer?.stop();
    const isGraceful = !error && !this.#isReset;
    // After end(), with nothing left to send, the SHUTDOWN only waits for the stream's ticks.
    if (isGraceful && this.#socket.writableEnded && this.writer.hasSentAll) this.association?.shutdown();
    if (!isGraceful || this.state !== "shutdown-pending") return this.#finish(error, callback);
    const timer = setTimeout(() => this.#onClosing?.(), CLOSING_TIMEOUT_MS).unref();
    this.#onClosing = () => {
      this.#onClosing = undefined;
      clearTimeout(timer);
      this.#finish(error, callback);
    };
    this.association!.receiveQueue.discard();
  }

  #finish(error: Error | null, callback: WriteCallback): void {
    const whyUnsent = this.isConnecting ? neverConnected : () => error ?? streamDestroyed();
    this.closeReason ??= ownReason(!this.isConnecting, this.#abortReason);
    this.#isOver = true;
    this.association?.close(whyUnsent, this.#abortReason);
    this.writer.cancel(whyUnsent);
    callback(error);
    this.#keeper?.onOver();
    // After the 'error' and the callbacks of writes that are queued, as net has it.
    setImmediate(() => {
      this.#context.runInAsyncScope(this.#emit, this, "close", error !== null);
      this.#keeper?.onGone(this.#socket);
      this.#context.emitDestroy();
    });
  }
}
