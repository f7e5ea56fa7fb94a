/**
 * One association of the shim's: its handle and state, its two halves, and what
 * is known of it. The Socket above it is only a stream; here is what SCTP is.
 */
import { Inbox } from "./inbox.ts";
import { Lifecycle, type State } from "./lifecycle.ts";
import type { Loop, Waiter } from "./loop.ts";
import type { Message } from "./message.ts";
import type { Notification } from "./notifications.ts";
import type { AssociationPlan } from "./options.ts";
import { Outbox } from "./outbox.ts";
import {
  type Accepted,
  type AddressInfo,
  CLOSE,
  encodeRequest,
  OPTION,
  READY,
  type Request,
} from "./records.ts";

/** Who is told of what happens, in the order it happened. `onEnd`, `onError` and `onTooLarge` come once, last. */
export interface AssociationOwner {
  /** Messages given by onMessage() that nobody has read yet. */
  readonly readableLength: number;
  onMessage(message: Message): void;
  onUp(): void;
  onNotification(notification: Notification): void;
  /** All messages of the peer have been given; nothing goes either way any more. */
  onEnd(): void;
  onError(errno: number): void;
  onTooLarge(limit: number): void;
}

export class Association implements Waiter {
  readonly loop: Loop;
  readonly inbox: Inbox;
  readonly outbox: Outbox;
  readonly owner: AssociationOwner;
  readonly #lifecycle: Lifecycle;
  /** 0 while, and once, there is none. */
  handle = 0;
  /** As negotiated; 0 while unknown. */
  outboundStreams = 0;
  inboundStreams = 0;
  #local: AddressInfo | null = null;
  #remote: AddressInfo | null = null;

  constructor(loop: Loop, plan: AssociationPlan, owner: AssociationOwner, accepted?: Accepted) {
    this.loop = loop;
    this.owner = owner;
    this.inbox = new Inbox(this, plan.highWaterMark, plan.maxMessageSize);
    this.outbox = new Outbox(this);
    this.#lifecycle = new Lifecycle(accepted ? "open" : "connecting");
    if (!accepted) return;
    this.#local = accepted.local;
    this.#remote = accepted.remote;
    this.outboundStreams = accepted.outboundStreams;
    this.inboundStreams = accepted.inboundStreams;
    this.handle = accepted.handle;
    loop.add(this.handle, this);
  }

  get state(): State {
    return this.#lifecycle.state;
  }

  /**
   * Starts to associate with the first remote address; onUp() or onError() follows.
   *
   * @returns 0, or -errno if it could not be started
   */
  connect(request: Request): number {
    const [peer] = request.remote;
    if (peer) this.#remote = { ...peer, family: peer.address.includes(":") ? "IPv6" : "IPv4" };
    const bytes = encodeRequest(request);
    const result = this.loop.calls.connect(this.loop.id, bytes, bytes.length);
    if (result < 0) return result;
    this.handle = result;
    this.loop.add(result, this);
    return 0;
  }

  onReady(events: number): void {
    if (events & READY.WRITABLE) this.outbox.flush();
    if (events & READY.READABLE) this.inbox.arrived();
  }

  onNotification(notification: Notification): void {
    if (notification.type === "association-change") {
      const { state, outboundStreams, inboundStreams } = notification;
      if (state === "up" || state === "restart") {
        this.outboundStreams = outboundStreams;
        this.inboundStreams = inboundStreams;
      }
      if (state === "up" && this.state === "connecting") {
        this.#lifecycle.to("open");
        try {
          this.owner.onUp();
        } finally { // a handler's exception must not keep back what was written
          this.outbox.flush();
        }
      }
    }
    this.owner.onNotification(notification);
  }

  onEnd(): void {
    this.#lifecycle.to("ended");
    try {
      this.owner.onEnd();
    } finally {
      this.outbox.flush(); // fails what could not be sent
    }
  }

  /** Begins the SHUTDOWN, where there is something to shut down. */
  shutdown(): void {
    if (this.state !== "open") return;
    this.#lifecycle.to("closing");
    // A failure means that the association is over already: END or ERROR says so.
    this.loop.calls.shutdown(this.handle);
  }

  /** Gives the handle up: in order after END, with an ABORT before it. */
  close(): void {
    const how = this.state === "ended" ? CLOSE.RELEASE : CLOSE.ABORT;
    this.#lifecycle.to("closed");
    if (this.handle === 0) return;
    this.loop.remove(this.handle);
    this.loop.calls.close(this.handle, how);
    this.handle = 0;
  }

  setNoDelay(noDelay: boolean): void {
    if (this.handle !== 0) this.loop.calls.set_option(this.handle, OPTION.NO_DELAY, noDelay ? 1 : 0);
  }

  get local(): AddressInfo | null {
    return this.#local ??= this.#ask("local");
  }

  /** A peer that was gone before it could be asked may be known later, from its messages. */
  get remote(): AddressInfo | null {
    return this.#remote ??= this.#ask("remote");
  }

  #ask(side: "local" | "remote"): AddressInfo | null {
    if (this.handle === 0) return null;
    return this.loop.addresses(this.handle, side)[0] ?? null;
  }
}
