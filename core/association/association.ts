/**
 * One association of the shim's: its handle and state, its two halves, and what
 * is known of it. The Socket above it is only a stream; here is what SCTP is.
 */
import { AsyncResource } from "node:async_hooks";
import { endDetail } from "../notifications/causes.ts";
import type { CloseReason } from "./close_reason.ts";
import { Ends } from "./ends.ts";
import type { SystemError, SystemErrorContext } from "../errors.ts";
import { Inbox } from "./inbox.ts";
import { Lifecycle, type State } from "./lifecycle.ts";
import type { Loop, Waiter } from "../shim/loop.ts";
import type { Message } from "./message.ts";
import type { DecodedNotification } from "../notifications/decode.ts";
import type { AssociationPlan } from "../options/association.ts";
import { Outbox } from "./outbox.ts";
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

/** @internal */
export const ASSOCIATION: unique symbol = Symbol("association");

/**
 * Who is told of what happens, in the order it happened. `onEnd`, `onError`, `onTooLarge` and `onCut` come once, last.
 * Only `onMessage` may throw: a reader's exception.
 */
export interface AssociationOwner {
  /** Messages given by onMessage() that nobody has read yet. */
  readonly readableLength: number;
  /** Whether it has been told to wait for 'drain'. */
  readonly writableNeedDrain: boolean;
  /** Between the two, writes gather. */
  cork(): void;
  uncork(): void;
  onMessage(message: Message): void;
  /** A piece of a message came, or the stack has taken some of what was written. */
  onProgress(): void;
  /** A message could not be sent, and its writer gave no callback to be told by. The association goes on. */
  onUnsent(error: Error): void;
  onUp(): void;
  onNotification(notification: DecodedNotification): void;
  /** All messages of the peer have been given; nothing goes either way any more. */
  onEnd(): void;
  onError(errno: number): void;
  onTooLarge(limit: number): void;
  /** As onEnd(), but in the middle of a message. */
  onCut(bytes: number): void;
}

export class Association implements Waiter {
  /** Not there yet, whatever its type says, while the library is being fetched; until then nothing asks for it. */
  loop!: Loop;
  readonly inbox: Inbox;
  readonly outbox: Outbox;
  readonly ends: Ends;
  readonly owner: AssociationOwner;
  /** What the stack and the peer bring about runs in this: the context that made the socket (decision 28). */
  readonly context: AsyncResource;
  readonly #lifecycle: Lifecycle;
  #isRef = true;
  /** Whether the loop counts it among those that keep the process alive. */
  #holdsProcess = false;
  /** Options set while there is no association, or an attempt that may not be the last. */
  #wishes: Map<string, NumberedOption> | undefined;
  #wantsAllEvents = false;
  /** Why it has ended, once it has. */
  reason: CloseReason | undefined;
  /** 0 while, and once, there is none. */
  handle = 0;
  /** As negotiated; 0 while unknown. */
  outboundStreams = 0;
  inboundStreams = 0;

  constructor(loop: Loop | undefined, plan: AssociationPlan, owner: AssociationOwner, accepted?: Accepted) {
    if (loop) this.loop = loop;
    this.owner = owner;
    this.context = new AsyncResource("netsctp.Socket", { requireManualDestroy: true });
    this.inbox = new Inbox(this, plan.highWaterMark, plan.maxMessageSize);
    this.outbox = new Outbox(this);
    this.ends = new Ends(this, accepted);
    this.#lifecycle = new Lifecycle(accepted ? "open" : "connecting");
    if (!accepted) return;
    this.outboundStreams = accepted.outboundStreams;
    this.inboundStreams = accepted.inboundStreams;
    this.#adopt(accepted.handle);
  }

  get state(): State {
    return this.#lifecycle.state;
  }

  /** Whether there is a peer to ask and to set something for. */
  get isUp(): boolean {
    return this.handle !== 0 && (this.state === "open" || this.state === "closing");
  }

  /** The library is there. */
  start(loop: Loop): void {
    this.loop = loop;
    this.updateRef();
  }

  /** Whether it may keep the process alive for what the peer may do. */
  setRef(isRef: boolean): void {
    this.#isRef = isRef;
    this.updateRef();
  }

  /** Keeps the process alive until what was begun is through, and where it may, for what the peer sends. */
  updateRef(): void {
    const isWanted = this.#hasBegun || (this.#isRef && this.#awaitsPeer);
    if (isWanted === this.#holdsProcess || this.loop === undefined) return;
    this.#holdsProcess = isWanted;
    if (isWanted) this.loop.ref();
    else this.loop.unref();
  }

  /** Something is under way that has an end of its own; unref() does not drop it, as with `net`. */
  get #hasBegun(): boolean {
    const { state } = this;
    if (state === "connecting") return this.handle !== 0;
    if (state === "closing") return this.inbox.isDiscarding; // destroy() waits for the SHUTDOWN
    return state === "open" && this.outbox.isWaiting;
  }

  /** The peer may still send something. As with `net`, that counts for nothing while nobody reads. */
  get #awaitsPeer(): boolean {
    const { state } = this;
    return state === "connecting" || ((state === "open" || state === "closing") && this.inbox.keepsUp);
  }

  #adopt(handle: number): void {
    this.handle = handle;
    this.loop.add(handle, this);
  }

  /**
   * Starts to associate with the peer that has the remote addresses; onUp() or onError() follows.
   *
   * @returns 0, or -errno if it could not be started
   */
  connect(request: Request): number {
    const { options, local, remote } = request;
    const all = this.#wishes ? [...options, ...this.#wishes.values()] : options;
    const bytes = encodeRequest({ options: all, local, remote });
    const result = this.loop.calls.connect(this.loop.id, bytes, bytes.length);
    if (result < 0) return result;
    this.#adopt(result);
    this.updateRef();
    return 0;
  }

  /** Gives an attempt to connect up: another may follow. */
  abandon(): void {
    this.#release(CLOSE.ABORT);
    this.updateRef();
  }

  onReady(events: number): void {
    this.context.runInAsyncScope(this.#goOn, this, events);
  }

  #goOn(events: number): void {
    if (events & READY.WRITABLE) {
      this.outbox.flush();
      this.updateRef();
    }
    if (events & READY.READABLE) this.inbox.arrived();
  }

  onNotification(notification: DecodedNotification): void {
    this.ends.notified(notification);
    const { content } = notification;
    if (content.type === "association-change" && (content.state === "up" || content.state === "restart")) {
      this.outboundStreams = content.outboundStreams;
      this.inboundStreams = content.inboundStreams;
      if (content.state === "up" && this.state === "connecting") this.#opened();
    }
    this.owner.onNotification(notification);
  }

  #opened(): void {
    this.#lifecycle.to("open");
    this.ends.opened();
    this.owner.onUp();
    this.outbox.opened();
  }

  /** What the way to the peer was said to be, as an errno; 0 if nothing was. */
  get softError(): number {
    return this.#known(OPTION.SOFT_ERROR);
  }

  /** An option, or 0 where the stack does not have it. */
  #known(option: number): number {
    return this.handle === 0 ? 0 : Math.max(this.loop.inspect(this.handle, option), 0);
  }

  /** Why it ended, or did not begin; to be asked for at once, while the shim remembers. */
  endError(errno: number, syscall: string, context: SystemErrorContext = {}): SystemError {
    const { causeCode = 0, refusedUdpPort: udpPort } = this.reason ?? {};
    const detail = endDetail(this.loop.errorName(errno), this.loop.explain(), causeCode);
    return this.loop.error(-errno, syscall, { ...context, detail, udpPort });
  }

  /** @param cutBytes of a message that the peer had begun and did not finish */
  onEnd(cutBytes: number): void {
    this.#lifecycle.to("ended");
    if (cutBytes > 0) this.owner.onCut(cutBytes);
    else this.owner.onEnd();
    this.outbox.flush(); // fails what could not be sent
    this.updateRef();
  }

  /** Begins the SHUTDOWN, where there is something to shut down. */
  shutdown(): void {
    if (this.state !== "open") return;
    this.#lifecycle.to("closing");
    // A failure means that the association is over already: END or ERROR says so.
    this.loop.calls.shutdown(this.handle);
  }

  /** Gives the handle up for good: in order after END, with an ABORT before it. */
  close(): void {
    const how = this.state === "ended" ? CLOSE.RELEASE : CLOSE.ABORT;
    this.#lifecycle.to("closed");
    this.#release(how);
    this.updateRef();
  }

  #release(how: number): void {
    if (this.handle === 0) return;
    this.loop.remove(this.handle);
    this.loop.calls.close(this.handle, how);
    this.handle = 0;
  }

  /** Notifications that come with each message, or hardly matter, are only asked for when somebody listens. */
  wantAllEvents(): void {
    if (this.#wantsAllEvents) return;
    this.#wantsAllEvents = true;
    this.setOption(OPTION.EVENT, 1, NOTIFICATION.AUTHENTICATION);
    this.setOption(OPTION.EVENT, 1, NOTIFICATION.SENDER_DRY);
  }

  /**
   * Sets an option of `OPTION`, of the association to come where there is none yet.
   *
   * @returns 0, or -errno
   */
  setOption(name: number, value: NumberedOption[1], scope = 0): number {
    const row: NumberedOption = [name, value, scope];
    if (this.state === "connecting") (this.#wishes ??= new Map()).set(`${name} ${scope}`, row);
    return this.handle === 0 ? 0 : this.loop.configure(this.handle, [row]);
  }
}
