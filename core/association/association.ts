/** One SCTP association: its native handle, state, send and receive queues, and addresses. */
import type { AsyncResource } from "node:async_hooks";
import { nextTick } from "node:process";
import { Addresses } from "./addresses.ts";
import type { CloseReason } from "./close_reason.ts";
import { endDetail } from "../notifications/causes.ts";
import type { SystemError, SystemErrorContext } from "../errors.ts";
import { Handle } from "./handle.ts";
import { Heads } from "./heads.ts";
import { Lifecycle, type State } from "./lifecycle.ts";
import type { Loop, Waiter } from "../shim/loop.ts";
import { type Message, type MessageProperties, ppidOf, sidOf } from "./message.ts";
import type { DecodedNotification } from "../notifications/decode.ts";
import type { AssociationPlan } from "../options/association.ts";
import { ReceiveQueue } from "./receive_queue.ts";
import type { Chunk, Producer } from "./send_queue.ts";
import { Sender } from "./sender.ts";
import {
  type Accepted,
  CLOSE,
  encodeRequest,
  NOTIFICATION,
  type NumberedOption,
  OPTION,
  READY,
  type Request,
} from "../shim/records.ts";

/** Is called with what happens, in the order it happened. */
export interface AssociationListener {
  /** A whole message; `receiveQueue.consumed()` says when it has been read. Only this may throw: a reader's exception. */
  onMessage(message: Message): void;
  /** A piece of a message has come; the rest is to follow. */
  onPiece(): void;
  /** The stack has taken some of what was sent. */
  onSent(): void;
  onUp(): void;
  onNotification(notification: DecodedNotification): void;
  /** Nothing goes either way any more: comes once, last; while connecting once for each attempt. */
  onClosed(reason: CloseReason): void;
}

/** What became of a message: the stack has it, or why it could not be sent. */
export type SendCallback = (error: Error | null) => void;

export class Association implements Waiter {
  readonly receiveQueue: ReceiveQueue;
  readonly sender: Sender;
  readonly addresses: Addresses;
  /** What the stack and the peer bring about runs in this (decision 28). */
  readonly context: AsyncResource;
  readonly #handle: Handle;
  readonly #listener: AssociationListener;
  readonly #lifecycle: Lifecycle;
  #isRef = true;
  /** Whether the loop counts it among those that keep the process alive. */
  #holdsProcess = false;
  /** Options set before the association is up; each attempt to connect gets them. */
  #options: Map<string, NumberedOption> | undefined;
  #hasAllEvents = false;
  #isFlushDue = false;
  /** As negotiated; 0 while unknown. */
  outboundStreams = 0;
  inboundStreams = 0;

  /** @param accepted what a listener has accepted; without it, connect() follows */
  constructor(
    loop: Loop,
    { highWaterMark, maxMessageSize }: Pick<AssociationPlan, "highWaterMark" | "maxMessageSize">,
    listener: AssociationListener,
    context: AsyncResource,
    accepted?: Accepted,
  ) {
    this.#listener = listener;
    this.context = context;
    this.#handle = new Handle(loop, this);
    this.#lifecycle = new Lifecycle(accepted ? "established" : "connecting");
    this.receiveQueue = new ReceiveQueue(this.#handle, this, highWaterMark, maxMessageSize);
    this.sender = new Sender(this.#handle, this);
    this.addresses = new Addresses(this.#handle, this, accepted);
    if (accepted) {
      this.outboundStreams = accepted.outboundStreams;
      this.inboundStreams = accepted.inboundStreams;
      this.#handle.adopt(accepted.handle);
    }
    this.#updateRef();
  }

  get loop(): Loop {
    return this.#handle.loop;
  }

  get state(): State {
    return this.#lifecycle.state;
  }

  /** Whether there is a peer to ask and to set something for. */
  get isUp(): boolean {
    return this.#handle.isOpen && (this.state === "established" || this.state === "shutdown-pending");
  }

  // ------------------------------------------------- keeping the process alive

  /** Whether it may keep the process alive for what the peer may do. */
  setRef(isRef: boolean): void {
    this.#isRef = isRef;
    this.#updateRef();
  }

  /** Keeps the process alive until what was begun is through, and where it may, for what the peer sends. */
  #updateRef(): void {
    const holds = this.#hasBegun || (this.#isRef && this.#awaitsPeer);
    if (holds === this.#holdsProcess) return;
    this.#holdsProcess = holds;
    if (holds) this.loop.ref();
    else this.loop.unref();
  }

  /** Something is under way that has an end of its own; unref() does not drop it, as with `net`. */
  get #hasBegun(): boolean {
    const { state } = this;
    if (state === "connecting") return this.#handle.isOpen;
    if (state === "shutdown-pending") return this.receiveQueue.isDiscarding; // destroy() waits for the SHUTDOWN
    return state === "established" && this.sender.isWaiting;
  }

  /** The peer may still send something. As with `net`, that counts for nothing while nobody reads. */
  get #awaitsPeer(): boolean {
    const { state } = this;
    if (state === "connecting") return true;
    return (state === "established" || state === "shutdown-pending") && this.receiveQueue.isReading;
  }

  // ------------------------------------------------- setting up

  /**
   * Starts to associate with the peer that has the remote addresses; onUp() or onClosed() follows.
   *
   * @returns 0, or -errno if it could not be started
   */
  connect(request: Request): number {
    const { options, local, remote } = request;
    const all = this.#options ? [...options, ...this.#options.values()] : options;
    const bytes = encodeRequest({ options: all, local, remote });
    const result = this.loop.calls.connect(this.loop.id, bytes, bytes.length);
    if (result < 0) return result;
    this.#handle.adopt(result);
    this.#updateRef();
    return 0;
  }

  /** Gives up an attempt to connect: another may follow. */
  abandon(): void {
    this.#handle.close(CLOSE.ABORT);
    this.#updateRef();
  }

  #established(): void {
    this.#lifecycle.to("established");
    this.addresses.onUp();
    this.#listener.onUp();
    this.sender.flush();
  }

  // ------------------------------------------------- what the stack brings

  onReady(events: number): void {
    this.context.runInAsyncScope(this.#onReady, this, events);
  }

  #onReady(events: number): void {
    if (events & READY.WRITABLE) this.#flush();
    if (events & READY.READABLE) this.receiveQueue.onReadable();
  }

  /** For the receive queue. */
  resume(): void {
    this.addresses.forgetRemote(); // a stack may have dropped what told of them while nobody read
    this.context.runInAsyncScope(this.receiveQueue.receive, this.receiveQueue);
  }

  /** For the receive queue. */
  onFlow(isReading: boolean): void {
    if (!isReading) this.sender.endIsHeldBack();
    this.#updateRef();
  }

  /** For the receive queue. */
  onMessage(message: Message): void {
    this.#listener.onMessage(message);
  }

  /** For the receive queue. */
  onPiece(): void {
    this.#listener.onPiece();
  }

  /** For the receive queue. */
  onNotification(notification: DecodedNotification): void {
    this.addresses.onNotification(notification);
    const { content } = notification;
    if (content.type === "association-change" && (content.state === "up" || content.state === "restart")) {
      this.outboundStreams = content.outboundStreams;
      this.inboundStreams = content.inboundStreams;
      if (content.state === "up" && this.state === "connecting") this.#established();
    }
    this.#listener.onNotification(notification);
  }

  /** For the receive queue. */
  onClosed(reason: CloseReason): void {
    if (reason.kind !== "shutdown" && reason.kind !== "cut") return this.#listener.onClosed(reason);
    this.#lifecycle.to("ended");
    this.#listener.onClosed(reason);
    this.#flush(); // fails what could not be sent
  }

  /** Why it ended, or did not begin, as an error; to be asked for at once, while the shim remembers. */
  closeError(
    { errno, causeCode, refusedUdpPort: udpPort }: CloseReason,
    syscall: string,
    context: SystemErrorContext = {},
  ): SystemError {
    const detail = endDetail(this.loop.errorName(errno), this.loop.explain(), causeCode);
    return this.loop.error(-errno, syscall, { ...context, detail, udpPort });
  }

  /** What ICMP has said about the way to the peer, as an errno; 0 if nothing was. */
  get softError(): number {
    return this.#handle.option(OPTION.SOFT_ERROR);
  }

  // ------------------------------------------------- sending

  /** For the sender: whether the end, once it is there, is read without the reader's doing anything. */
  get isReading(): boolean {
    return this.receiveQueue.isReading;
  }

  /** For the sender. */
  onSent(): void {
    this.#listener.onSent();
  }

  #flush(): void {
    this.sender.flush();
    this.#updateRef();
  }

  /** Sends messages of a producer at once, with all that has been queued before them. */
  submit(heads: Heads, chunks: readonly Chunk[], producer: Producer): void {
    this.sender.add(heads, chunks, producer);
    this.#flush();
  }

  /**
   * Sends one message, together with all others that are sent so in this tick.
   *
   * @throws ERR_OUT_OF_RANGE, ERR_INVALID_ARG_TYPE for properties that cannot be
   */
  send(data: Uint8Array, properties: MessageProperties, callback: SendCallback): void {
    const heads = new Heads();
    heads.push(sidOf(properties), ppidOf(properties));
    let refusal: Error | null = null;
    this.sender.add(heads, [{ chunk: data }], {
      onSent: (error) => nextTick(callback, error ?? refusal),
      onRefused: (error) => void (refusal = error),
    });
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    nextTick(() => {
      this.#isFlushDue = false;
      this.#flush();
    });
  }

  // ------------------------------------------------- ending

  /** Begins the SHUTDOWN, where there is something to shut down. */
  shutdown(): void {
    if (this.state !== "established") return;
    this.#lifecycle.to("shutdown-pending");
    // A failure means that the association is over already: END or ERROR says so.
    this.#handle.shutdown();
  }

  /** Gives the handle up for good: in order after END, with an ABORT before it. */
  close(): void {
    const how = this.state === "ended" ? CLOSE.RELEASE : CLOSE.ABORT;
    this.#lifecycle.to("closed");
    this.#handle.close(how);
    this.#updateRef();
  }

  // ------------------------------------------------- options and status

  /**
   * Sets options; before the association is up, each attempt to connect gets them.
   *
   * @returns 0, or -errno
   */
  configure(options: readonly NumberedOption[]): number {
    if (this.state === "connecting") {
      this.#options ??= new Map();
      for (const option of options) this.#options.set(`${option[0]} ${option[2] ?? 0}`, option);
    }
    return this.#handle.configure(options);
  }

  /** Subscribes to the notifications that come with each message or hardly matter, which the stack else keeps. */
  subscribeToAllEvents(): void {
    if (this.#hasAllEvents) return;
    this.#hasAllEvents = true;
    this.configure([[OPTION.EVENT, 1, NOTIFICATION.AUTHENTICATION], [
      OPTION.EVENT,
      1,
      NOTIFICATION.SENDER_DRY,
    ]]);
  }

  /** The state and the counters as the stack has them, or -errno. */
  queryStatus(): ReturnType<Handle["queryStatus"]> {
    return this.#handle.queryStatus();
  }
}
