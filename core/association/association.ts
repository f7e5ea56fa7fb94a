/** One SCTP association: its native handle, state, send and receive queues, and addresses. */
import { AsyncResource } from "node:async_hooks";
import { nextTick } from "node:process";
import { Addresses } from "./addresses.ts";
import type { CloseReason } from "./close_reason.ts";
import { endDetail } from "../notifications/causes.ts";
import { remoteEnded, sctpError, wrongState } from "../errors.ts";
import { Handle } from "../shim/handle.ts";
import { Heads } from "./heads.ts";
import { Lifecycle, type State } from "./lifecycle.ts";
import type { AssociationListener } from "./listener.ts";
import type { Loop, Waiter } from "../shim/loop.ts";
import { type MessageProperties, ppidOf, sidOf } from "./message.ts";
import type { DecodedNotification } from "../notifications/decode.ts";
import type { AssociationPlan } from "../options/association.ts";
import { ReceiveQueue } from "./receive_queue.ts";
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
  type StatusRecord,
} from "../shim/records.ts";

/** What became of a message: the stack has it, or why it could not be sent. */
export type SendCallback = (error: Error | null) => void;

/** The head of a message that is sent by itself, on its way into the queue. */
const head = new Heads();

export class Association implements Waiter {
  readonly receiveQueue: ReceiveQueue;
  readonly sender: Sender;
  readonly addresses: Addresses;
  /** What the stack and the peer bring about runs in this (decision 28). */
  readonly context: AsyncResource;
  readonly #handle: Handle;
  readonly listener: AssociationListener;
  readonly #lifecycle: Lifecycle;
  #isRef = true;
  /** Whether the loop counts it among those that keep the process alive. */
  #holdsProcess = false;
  /** Options set before the association is up; each attempt to connect gets them. */
  #options: Map<string, NumberedOption> | undefined;
  /** Those of them that were set while the current attempt was under way, a call each. */
  #lateOptions: (readonly NumberedOption[])[] | undefined;
  #hasAllEvents = false;
  /** Where the current attempt to connect goes to. */
  #request: Request | undefined;
  /** As negotiated; 0 while unknown. */
  inboundStreams = 0;

  /** @param accepted what a listener has accepted; without it, connect() follows */
  constructor(
    loop: Loop,
    { highWaterMark, maxMessageSize }: Pick<AssociationPlan, "highWaterMark" | "maxMessageSize">,
    listener: AssociationListener,
    context: AsyncResource,
    accepted?: Accepted,
  ) {
    this.listener = listener;
    this.context = context;
    this.#handle = new Handle(loop, this);
    this.#lifecycle = new Lifecycle(accepted ? "established" : "connecting");
    this.receiveQueue = new ReceiveQueue(this.#handle, this, highWaterMark, maxMessageSize);
    this.sender = new Sender(this.#handle, this);
    this.addresses = new Addresses(this.#handle, this.#lifecycle, accepted);
    if (accepted) {
      this.sender.outboundStreams = accepted.outboundStreams;
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
    return this.#lifecycle.isUp;
  }

  // ------------------------------------------------- keeping the process alive

  /** Whether it may keep the process alive for what the peer may do. */
  setRef(isRef: boolean): void {
    this.#isRef = isRef;
    this.#updateRef();
  }

  /**
   * Keeps the process alive until what has an end of its own is through, which unref() does not drop, as with `net`; and
   * where it may, for what the peer sends, which counts for nothing while nobody reads.
   */
  #updateRef(): void {
    const { state, isUp, receiveQueue, sender } = this;
    const isConnecting = state === "connecting";
    const hasBegun = (isConnecting && this.#handle.isOpen) || (isUp && sender.isWaiting) ||
      (state === "shutdown-pending" && receiveQueue.isDiscarding); // destroy() waits for the SHUTDOWN
    const awaitsPeer = isConnecting || (isUp && receiveQueue.isReading);
    const holds = hasBegun || (this.#isRef && awaitsPeer);
    if (holds === this.#holdsProcess) return;
    this.#holdsProcess = holds;
    if (holds) this.loop.ref();
    else this.loop.unref();
  }

  // ------------------------------------------------- setting up

  /**
   * Starts to associate with the peer that has the remote addresses; onUp() or onClosed() follows. An attempt that is
   * under way is given up. Not after close(), nor once it was up.
   *
   * @returns 0, or -errno if it could not be started
   */
  connect(request: Request): number {
    this.#lifecycle.require("connecting");
    this.abandon();
    const { options, local, remote = [] } = request;
    this.addresses.expect(remote);
    const all = this.#options ? [...options, ...this.#options.values()] : options;
    const bytes = encodeRequest({ options: all, local, remote });
    const result = this.loop.calls.connect(this.loop.id, bytes, bytes.length);
    if (result < 0) return result;
    this.#request = request;
    this.#lateOptions = undefined;
    this.#handle.adopt(result);
    this.#updateRef();
    return 0;
  }

  /** Gives up an attempt to connect: another may follow. */
  abandon(): void {
    if (this.state !== "connecting") return;
    this.#handle.close(CLOSE.ABORT);
    this.#updateRef();
  }

  #established(): void {
    this.#lifecycle.to("established");
    // What was set during the attempt may be the socket's by now, and not the association's (c/sctp_shim.h).
    for (const options of this.#lateOptions ?? []) this.#handle.configure(options); // which took them before
    this.#request = this.#options = this.#lateOptions = undefined;
    this.addresses.onUp();
    this.listener.onUp();
    this.sender.flush();
  }

  // ------------------------------------------------- what the stack brings

  onReady(events: number): void {
    this.context.runInAsyncScope(this.#onReady, this, events);
  }

  #onReady(events: number): void {
    if (events & READY.WRITABLE) this.sender.onWritable();
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
  onNotification(notification: DecodedNotification): void {
    this.addresses.onNotification(notification);
    const { content } = notification;
    if (content.type === "association-change" && (content.state === "up" || content.state === "restart")) {
      this.sender.outboundStreams = content.outboundStreams;
      this.inboundStreams = content.inboundStreams;
      if (content.state === "up" && this.state === "connecting") this.#established();
    }
    if (this.state !== "closed") this.listener.onNotification(notification); // by onUp()
  }

  /** For the receive queue. */
  onClosed(reason: CloseReason): void {
    const error = this.#errorOf(reason);
    if (this.state === "connecting") this.abandon();
    else if (reason.kind === "shutdown" || reason.kind === "cut") this.#lifecycle.to("ended");
    else this.close(() => error!);
    this.listener.onClosed(reason, error);
    if (this.state === "ended") this.sender.stop(() => error ?? remoteEnded());
    this.#updateRef();
  }

  #errorOf(reason: CloseReason): Error | undefined {
    const { bytes, errno, explanation, causeCode, refusedUdpPort: udpPort } = reason;
    switch (reason.kind) {
      case "shutdown":
        return undefined;
      case "cut":
        return sctpError(
          "ERR_SCTP_PARTIAL_MESSAGE",
          `The peer ended the association in the middle of a message: ${bytes} bytes of it had come`,
        );
      case "too large":
        return sctpError(
          "ERR_SCTP_MESSAGE_TOO_LARGE",
          `A message of more than ${bytes} bytes came in: maxMessageSize sets the limit`,
        );
      case "error": {
        const detail = endDetail(this.loop.errorName(errno), explanation, causeCode);
        const { remote, local } = this.#request ?? {};
        const context = { ...remote?.[0], local: local?.[0], detail, udpPort };
        return this.loop.error(-errno, this.#request ? "connect" : "read", context);
      }
    }
  }

  /** What ICMP has said about the way to the peer, as an errno; 0 if nothing was. */
  get softError(): number {
    return this.#handle.option(OPTION.SOFT_ERROR);
  }

  // ------------------------------------------------- sending

  /** For the sender. */
  onFlushed(isLess: boolean): void {
    if (isLess) this.listener.onSent();
    // A failure means that the association is over already: END or ERROR says so.
    if (this.state === "shutdown-pending" && !this.sender.isWaiting) this.#handle.shutdown();
    this.#updateRef();
  }

  /**
   * Sends one message. After shutdown() none is sent any more: ERR_STREAM_WRITE_AFTER_END.
   *
   * @returns false while as much waits as `highWaterMark` allows: onSent() tells when some of it has left
   * @throws ERR_OUT_OF_RANGE, ERR_INVALID_ARG_TYPE for properties that cannot be
   */
  send(data: Uint8Array, properties: MessageProperties, callback: SendCallback): boolean {
    const sid = sidOf(properties);
    const ppid = ppidOf(properties);
    const answer = AsyncResource.bind(callback);
    if (this.state === "shutdown-pending") {
      nextTick(answer, wrongState("ERR_STREAM_WRITE_AFTER_END", "write after end"));
      return false;
    }
    head.push(sid, ppid); // last, since all associations share it: nothing that throws may leave one behind
    let refusal: Error | null = null;
    this.sender.add(head, [{ chunk: data }], {
      onSent: (error) => nextTick(answer, error ?? refusal),
      onRefused: (error) => void (refusal = error),
    });
    return this.sender.bytes < this.receiveQueue.highWaterMark;
  }

  // ------------------------------------------------- ending

  /** Begins the SHUTDOWN of an association that is up: all that is queued is sent before it. */
  shutdown(): void {
    if (this.state !== "established") return;
    this.#lifecycle.to("shutdown-pending");
    this.onFlushed(false);
  }

  /**
   * Gives the association up for good: in order after a SHUTDOWN, with an ABORT before it. Nothing is called any more but
   * the callbacks of what is queued.
   *
   * @param why their error
   */
  close(why: () => Error = closed): void {
    if (this.state === "closed") return;
    const how = this.state === "ended" ? CLOSE.RELEASE : CLOSE.ABORT;
    this.#lifecycle.to("closed");
    this.#handle.close(how);
    this.sender.stop(why);
    this.#updateRef();
  }

  // ------------------------------------------------- options and status

  /**
   * Sets options; before the association is up, each attempt to connect gets them.
   *
   * @throws what the stack refuses them with
   */
  configure(options: readonly NumberedOption[]): void {
    if (this.state === "ended") return; // nothing is left that they could change
    const result = this.#handle.configure(options); // 0 where there is no handle
    if (result < 0) throw this.loop.error(result, "setsockopt");
    if (this.state !== "connecting") return;
    this.#options ??= new Map();
    for (const option of options) this.#options.set(`${option[0]} ${option[2] ?? 0}`, option);
    if (this.#handle.isOpen) (this.#lateOptions ??= []).push(options);
  }

  /** Subscribes to the notifications that are off by default: they come with each message, or hardly matter. */
  subscribeToAllEvents(): void {
    if (this.#hasAllEvents) return;
    const types = [NOTIFICATION.AUTHENTICATION, NOTIFICATION.SENDER_DRY];
    this.configure(types.map((type) => [OPTION.EVENT, 1, type]));
    this.#hasAllEvents = true;
  }

  /** The state and the counters as the stack has them, or -errno. */
  queryStatus(): StatusRecord | number {
    return this.#handle.status();
  }
}

const closed = () => wrongState("ERR_SCTP_DESTROYED", "The association was closed before this was sent");
