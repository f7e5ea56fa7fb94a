/** One SCTP association: its native handle, state, send and receive queues, and addresses. */
import { AsyncResource } from "node:async_hooks";
import { nextTick } from "node:process";
import { Addresses } from "./addresses.ts";
import { Configuration } from "./configuration.ts";
import { closeReasonOf } from "./close_reason.ts";
import { type End, errorOf, LOCAL_END } from "./end.ts";
import { Keys } from "./keys.ts";
import { remoteEnded, wrongState } from "../errors.ts";
import { Handle } from "../shim/handle.ts";
import { Heads } from "./heads.ts";
import { Hold } from "./hold.ts";
import { Lifecycle, type State } from "./lifecycle.ts";
import type { AssociationListener } from "./listener.ts";
import type { Loop, Waiter } from "../shim/loop.ts";
import { Negotiation } from "./negotiation.ts";
import type { DecodedNotification } from "../notifications/decode.ts";
import type { AssociationPlan } from "../options/association.ts";
import {
  PLAIN,
  planSend,
  planSendOptions,
  type SendOptions,
  type SendPlan,
} from "../options/send_options.ts";
import { Paths } from "./paths.ts";
import { unsupportedOption } from "../options/unsupported.ts";
import { ReceiveQueue } from "./receive_queue.ts";
import { RetransmissionLimit } from "./retransmission_limit.ts";
import { unknownDestination, unsupportedExtra } from "./send_checks.ts";
import { Sender } from "./sender.ts";
import { StallWatch } from "./stall_watch.ts";
import { Statistics } from "./statistics.ts";
import type { Undelivered } from "./undelivered.ts";
import {
  type Accepted,
  CLOSE,
  encodeRequest,
  NOTIFICATION,
  type NumberedOption,
  OPTION,
  POLICY,
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
  readonly configuration: Configuration;
  readonly statistics: Statistics;
  readonly paths: Paths;
  /** What the stack and the peer bring about runs in this (decision 28). */
  readonly context: AsyncResource;
  readonly #handle: Handle;
  readonly negotiation: Negotiation;
  #keys: Keys | undefined;
  readonly listener: AssociationListener;
  readonly #lifecycle: Lifecycle;
  readonly #hold: Hold;
  /** Options set before the association is up; each attempt to connect gets them. */
  #options: Map<string, NumberedOption> | undefined;
  /** Those of them that were set while the current attempt was under way, a call each. */
  #lateOptions: (readonly NumberedOption[])[] | undefined;
  #hasAllEvents = false;
  #stallWatch: StallWatch | undefined;
  /** Where the current attempt to connect goes to. */
  #request: Request | undefined;
  /** As negotiated; 0 while unknown. */
  inboundStreams = 0;

  /** @param accepted what a listener has accepted; without it, connect() follows */
  constructor(
    loop: Loop,
    { highWaterMark, maxMessageSize, stallTimeout, socketOptions }: Pick<
      AssociationPlan,
      "highWaterMark" | "maxMessageSize" | "stallTimeout" | "socketOptions"
    >,
    listener: AssociationListener,
    context: AsyncResource,
    accepted?: Accepted,
  ) {
    this.listener = listener;
    this.context = context;
    this.#handle = new Handle(loop, this);
    this.#hold = new Hold(this, this.#handle);
    this.#lifecycle = new Lifecycle(accepted ? "established" : "connecting");
    this.receiveQueue = new ReceiveQueue(this.#handle, this, highWaterMark, maxMessageSize);
    this.sender = new Sender(this.#handle, this);
    this.addresses = new Addresses(this.#handle, this.#lifecycle, accepted);
    this.statistics = new Statistics(this.#handle, this.#lifecycle);
    this.negotiation = new Negotiation(this.#handle, this.#lifecycle, socketOptions);
    this.paths = new Paths(
      this.addresses,
      this.negotiation,
      (options, about) => this.configure(options, about),
    );
    this.configuration = new Configuration(this.#handle, this.addresses, this.#lifecycle, socketOptions);
    if (accepted) {
      this.sender.outboundStreams = accepted.outboundStreams;
      this.inboundStreams = accepted.inboundStreams;
      this.#handle.adopt(accepted.handle);
      this.configuration.follow();
    }
    if (stallTimeout) this.setStallTimeout(stallTimeout);
    this.#hold.update();
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
    this.#hold.isRef = isRef;
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
    const set = this.#options ? [...options, ...this.#options.values()] : options;
    const all = [...set, ...new RetransmissionLimit(set).rows(remote.length)];
    const bytes = encodeRequest({ options: all, local, remote });
    const result = this.loop.calls.connect(this.loop.id, bytes, bytes.length);
    if (result < 0) return result;
    this.#request = request;
    this.#lateOptions = undefined;
    this.#handle.adopt(result);
    this.#hold.update();
    return 0;
  }

  /** Gives up an attempt to connect: another may follow. */
  abandon(): void {
    if (this.state !== "connecting") return;
    this.#handle.close(CLOSE.ABORT);
    this.#hold.update();
  }

  #established(): void {
    this.#lifecycle.to("established");
    // What was set during the attempt may be the socket's by now, and not the association's (c/sctp_shim.h).
    for (const options of this.#lateOptions ?? []) this.#handle.configure(options); // which took them before
    this.#request = this.#options = this.#lateOptions = undefined;
    this.addresses.onUp();
    this.configuration.follow();
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
    this.#hold.update();
  }

  /** For the receive queue. */
  onNotification(notification: DecodedNotification): void {
    this.addresses.onNotification(notification);
    const { content } = notification;
    if (content.type === "authentication" || content.type === "send-failed") {
      this.keys.onNotification(notification);
    }
    if (content.type === "association-change" && (content.state === "up" || content.state === "restart")) {
      this.sender.outboundStreams = content.outboundStreams;
      this.inboundStreams = content.inboundStreams;
      if (content.state === "up" && this.state === "connecting") this.#established();
    } else if (content.type === "path-change" && ["added", "removed"].includes(content.state)) {
      this.configuration.follow();
    }
    if (this.state !== "closed") this.listener.onNotification(notification); // by onUp()
  }

  /** For the receive queue. */
  onClosed(end: End): void {
    const error = errorOf(end, this.loop, this.#request, this.#keys?.suspicion ?? "");
    const reason = closeReasonOf(end, error);
    if (this.state === "connecting") this.abandon();
    else if (end.kind === "shutdown" || end.kind === "cut") this.#lifecycle.to("ended");
    else this.#close(() => error!, true);
    this.#stallWatch?.stop();
    this.listener.onClosed(reason, error);
    if (this.state === "ended") this.sender.stop(() => error ?? remoteEnded(), true);
    this.#hold.update();
  }

  /** What ICMP has said about the way to the peer, as an errno; 0 if nothing was. */
  get softError(): number {
    return this.#handle.option(OPTION.SOFT_ERROR);
  }

  // ------------------------------------------------- sending

  /** For the sender. */
  onFlushed(isLess: boolean): void {
    if (isLess) {
      this.listener.onSent();
      this.#stallWatch?.onSent();
    }
    // A failure means that the association is over already: END or ERROR says so.
    if (this.state === "shutdown-pending" && !this.sender.isWaiting) {
      this.statistics.note();
      this.#handle.shutdown();
    }
    this.#hold.update();
  }

  /** For the sender. */
  onUndelivered(message: Undelivered): void {
    this.listener.onUndelivered(message);
  }

  /**
   * Throws for what a message asks for and cannot have. While connecting the peer's addresses are not known: then its
   * callback says so.
   *
   * @throws ERR_SCTP_UNSUPPORTED, ERR_SCTP_UNKNOWN_ADDRESS, ERR_SCTP_NOT_NEGOTIATED and EINVAL for a key
   */
  checkSend({ extra }: SendPlan): void {
    if (extra === undefined) return;
    const error = unsupportedExtra(extra, this.loop.stack) ??
      (this.isUp ? unknownDestination(extra, this.addresses.remote) : undefined);
    if (error !== undefined) throw error;
    if (extra.keyNumber !== undefined) this.keys.require(extra.keyNumber, "write"); // without AUTH it would be ignored
  }

  /**
   * Sends one message. After shutdown() none is sent any more: ERR_STREAM_WRITE_AFTER_END.
   *
   * @param options over what `data` has as properties, and that over `defaults`
   * @returns false while as much waits as `highWaterMark` allows: onSent() tells when some of it has left
   * @throws ERR_OUT_OF_RANGE and others for what cannot be
   */
  send(
    data: Uint8Array & SendOptions,
    options: SendOptions,
    callback: SendCallback,
    defaults: SendPlan = PLAIN,
  ): boolean {
    const plan = planSendOptions(options, "options", planSend(data, "data", defaults));
    this.checkSend(plan);
    const answer = AsyncResource.bind(callback);
    const { extra } = plan;
    if (extra?.policy === POLICY.PRIORITY) this.sender.makeRoom(extra.policyValue);
    if (this.state === "shutdown-pending") {
      nextTick(answer, wrongState("ERR_STREAM_WRITE_AFTER_END", "write after end"));
      return false;
    }
    head.push(plan, data.length); // last, since all associations share it: nothing that throws may leave one behind
    let isRefused = false;
    this.sender.add(head, [{ chunk: data }], {
      onSent: (error) => isRefused || nextTick(answer, error),
      onRefused(error) {
        isRefused = true;
        nextTick(answer, error); // what was not sent in time does not wait for those before it
      },
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
   * @param reason for the peer, if the stack can tell it
   */
  close(why: () => Error = closed, reason?: Uint8Array): void {
    this.#close(why, false, reason);
  }

  #close(why: () => Error, givesBack: boolean, reason?: Uint8Array): void {
    if (this.state === "closed") return;
    this.#stallWatch?.stop();
    this.statistics.note();
    const hasEnded = this.state === "ended";
    this.#lifecycle.to("closed");
    if (reason !== undefined && !hasEnded) this.#handle.abort(reason);
    else this.#handle.close(hasEnded ? CLOSE.RELEASE : CLOSE.ABORT);
    this.sender.stop(why, givesBack);
    this.#hold.update();
  }

  // ------------------------------------------------- options and status

  /**
   * Sets options; before the association is up, each attempt to connect gets them.
   *
   * @param about the addresses that their scopes name, while it is up
   * @throws what the stack refuses them with
   */
  configure(options: readonly NumberedOption[], about?: Pick<Request, "local" | "remote">): void {
    if (this.state === "ended") return; // nothing is left that they could change
    const result = this.#handle.configure(options, about); // 0 where there is no handle
    if (result < 0) throw unsupportedOption(this.loop) ?? this.loop.error(result, "setsockopt");
    this.configuration.note(options);
    if (this.state !== "connecting") return;
    this.#options ??= new Map();
    for (const option of options) this.#options.set(`${option[0]} ${option[2] ?? 0}`, option);
    if (this.#handle.isOpen) (this.#lateOptions ??= []).push(options);
  }

  /** Ends when nothing of what is on its way is acknowledged for so many milliseconds; 0: never. */
  setStallTimeout(ms: number): void {
    this.#stallWatch ??= new StallWatch(this.#handle, (amount, isSilent) => {
      const explanation = this.keys.suspicionOfStall(isSilent);
      const end: End = { ...LOCAL_END, kind: "stalled", amount, explanation };
      this.context.runInAsyncScope(this.receiveQueue.giveUp, this.receiveQueue, end);
    });
    this.#stallWatch.limit = ms;
  }

  /** Subscribes to the notifications that are off by default: they come with each message, or hardly matter. */
  subscribeToAllEvents(): void {
    if (this.#hasAllEvents) return;
    const types = [NOTIFICATION.AUTHENTICATION, NOTIFICATION.SENDER_DRY];
    this.configure(types.map((type) => [OPTION.EVENT, 1, type]));
    this.#hasAllEvents = true;
  }

  /** The keys of signed chunks. */
  get keys(): Keys {
    return this.#keys ??= new Keys(this.#handle, this, this.negotiation);
  }

  /** The state and the counters as the stack has them, or -errno. */
  queryStatus(): StatusRecord | number {
    return this.#handle.status();
  }
}

const closed = () => wrongState("ERR_SCTP_DESTROYED", "The association was closed before this was sent");
