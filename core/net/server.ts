/** Server: listens, and hands out Sockets, shaped as `net.Server`. */
import { AsyncResource } from "node:async_hooks";
import { EventEmitter } from "node:events";
import { nextTick } from "node:process";
import { setTimeout } from "node:timers";
import { optionalFunction } from "../validate.ts";
import { wrongState } from "../errors.ts";
import type { DropArgument, Listening, ServerEvents } from "./events.ts";
import { calling } from "../exceptions.ts";
import { noteSelf, readableOfAny } from "./getters.ts";
import { unsupportedExtra } from "../association/send_checks.ts";
import { addressesOf, Handle } from "../shim/handle.ts";
import type { Loop } from "../shim/loop.ts";
import type { Stack } from "../shim/native.ts";
import {
  type Accepted,
  acceptedOf,
  AcceptedRecord,
  type AddressInfo,
  CLOSE,
  encodeRequest,
  OPTION,
  recordsOf,
} from "../shim/records.ts";
import { blockedOne } from "./families.ts";
import { resolveHost, toListenOn } from "./resolve.ts";
import {
  type ListenOptions,
  type ListenPlan,
  planListen,
  planServer,
  type ServerPlan,
} from "../options/server.ts";
import { unsupportedOption } from "../options/unsupported.ts";
import { RetransmissionLimit } from "../association/retransmission_limit.ts";
import { type Socket, startSocket } from "./socket.ts";
import type { Opening, Stacks } from "../shim/stacks.ts";

/** How to listen to the events of {@linkcode ServerEvents}. */
export interface BaseServer {
  /** Adds a listener; its arguments follow from the event's name. */
  on: Listening<ServerEvents, this>;
  /** Adds a listener that is called once. */
  once: Listening<ServerEvents, this>;
  /** The same as `on()`. */
  addListener: Listening<ServerEvents, this>;
  /** Adds a listener before those there are. */
  prependListener: Listening<ServerEvents, this>;
  /** The same, for one call. */
  prependOnceListener: Listening<ServerEvents, this>;
  /** Removes a listener. */
  off: Listening<ServerEvents, this>;
  /** The same as `off()`. */
  removeListener: Listening<ServerEvents, this>;
}

// Connections taken in one call.
const ACCEPT_COUNT = 64;

// The wait before another attempt where there was no descriptor or memory for a connection.
const ACCEPT_RETRY_MS = 100;
const SHORTAGE_CURE =
  "connections wait until there is room for them; if that is often, raise the limit (ulimit -n)";

/**
 * A server of SCTP associations. Events: `listening`, `connection` with a {@linkcode Socket}, `drop` for a connection
 * beyond `maxConnections`, `error`, `close`.
 *
 * @example
 * ```ts
 * import { createServer } from "netsctp";
 *
 * const server = createServer((socket) => {
 *   socket.on("data", (message) => socket.write(message)); // sid and ppid travel with it
 * });
 * server.listen({ port: 3868 }, () => console.log(server.address()));
 * ```
 */
export class BaseServer extends EventEmitter {
  static {
    readableOfAny(this.prototype, { listening: false });
  }

  readonly #stacks: Stacks;
  readonly #plan: ServerPlan;
  readonly #waiter = { onReady: () => this.#accept() };
  #loop: Loop | undefined;
  /** What it listens by. */
  #handle: Handle | undefined;
  /** Options of the active listen() call; unset after failure or close(). */
  #listenPlan: ListenPlan | undefined;
  #isRef = true;
  #addresses: AddressInfo[] = [];
  #retry: NodeJS.Timeout | undefined;
  /** Whether a lack of descriptors or memory has been warned of. */
  #hasWarned = false;
  #ignoreSignal: (() => void) | undefined;
  /** Listeners of 'connection' and 'drop' are called in this: the context of listen(). */
  #context: AsyncResource | undefined;
  /** Sockets whose 'close' has not been emitted yet. */
  readonly #sockets = new Set<Socket>();
  /** How many of those no longer have an association. */
  #over = 0;
  readonly #keeper = {
    onOver: () => void this.#over++,
    onGone: (socket: Socket) => {
      this.#over--;
      this.#sockets.delete(socket);
      this.#closeIfDone();
    },
  };

  /** Connections beyond this many are aborted, and told by `drop`. Undefined, the default: no limit. */
  maxConnections: number | undefined;

  /**
   * Users call `createServer()`, or `new Server()` of the package.
   *
   * @internal
   * @param stacks the runtime's Stacks: an internal type, which public ones do not name
   */
  constructor(stacks: unknown, options: unknown, listener: unknown) {
    super();
    noteSelf(this);
    this.#stacks = stacks as Stacks;
    this.#plan = planServer(options);
    const onConnection = optionalFunction(listener as (socket: Socket) => void, "connectionListener");
    if (onConnection) this.on("connection", onConnection);
  }

  /**
   * Starts listening. `listening` or `error` follows, never during the call.
   *
   * @throws ERR_SERVER_ALREADY_LISTEN, and what wrong arguments throw
   * @throws ERR_SCTP_UNAVAILABLE where no stack can serve
   */
  listen(options: ListenOptions, listener?: () => void): this;
  /** The same, as `net` has it. Default: any port of any address, and 511 connections that may wait. */
  listen(port?: number | string | null, host?: string, backlog?: number, listener?: () => void): this;
  /** The same on a port of a host. */
  listen(port?: number | string | null, host?: string, listener?: () => void): this;
  /** The same on a port of any address. */
  listen(port?: number | string | null, backlog?: number, listener?: () => void): this;
  /** The same on a port of any address. */
  listen(port?: number | string | null, listener?: () => void): this;
  /** The same on any port of any address. */
  listen(listener?: () => void): this;
  listen(...args: unknown[]): this {
    if (this.#listenPlan) {
      const message = "Listen method has been called more than once without closing.";
      throw wrongState("ERR_SERVER_ALREADY_LISTEN", message);
    }
    const plan = planListen(args);
    const open = this.#stacks.open(this.#plan.stack, this.#plan.libraryPath);
    this.#loop = undefined;
    this.#listenPlan = plan;
    this.#context = new AsyncResource("netsctp.Server", { requireManualDestroy: true });
    if (plan.callback) this.once("listening", plan.callback);
    if (plan.signal) this.#closeOnAbort(plan.signal);
    const ifListening = (go: () => void) => void (this.#listenPlan === plan && go()); // not closed meanwhile
    open(
      (loop) => ifListening(() => this.#start(loop, plan)),
      (error) => ifListening(() => this.#fail(error)),
    );
    return this;
  }

  #start(loop: Loop, plan: ListenPlan): void {
    this.#loop = loop;
    if (this.#isRef) loop.ref();
    const unsupported = unsupportedExtra(this.#plan.messages.send?.extra, loop.stack);
    if (unsupported !== undefined) return this.#fail(unsupported);
    if (plan.host === undefined) {
      // The shim listens on 0.0.0.0 in place of "::" where there is no IPv6.
      this.#open(loop, plan, plan.addresses.length > 0 ? plan.addresses : ["::"]);
    } else {
      resolveHost(plan.host, { lookup: this.#stacks.runtime.lookup, all: true }, (error, found) => {
        if (this.#listenPlan !== plan) return; // closed meanwhile, and perhaps told to listen again
        if (error) this.#fail(error);
        else this.#open(loop, plan, [toListenOn(found)]);
      });
    }
  }

  #closeOnAbort(signal: AbortSignal): void {
    const onAbort = () => void this.close();
    if (signal.aborted) return nextTick(onAbort);
    signal.addEventListener("abort", onAbort, { once: true });
    this.#ignoreSignal = () => signal.removeEventListener("abort", onAbort);
  }

  #open(loop: Loop, plan: ListenPlan, addresses: readonly string[]): void {
    const local = addresses.map((address) => ({ address, port: plan.port }));
    const { socketOptions } = this.#plan;
    const asked = [
      ...socketOptions,
      ...new RetransmissionLimit(socketOptions).rows(1),
      ...plan.socketOptions,
    ];
    const options = this.#stacks.socketOptions(loop.stack, OPTION.LOCAL_UDP_PORT, asked);
    // It means nothing to a server on IPv4 alone, as in net.
    if (plan.ipv6Only && addresses.some((one) => one.includes(":"))) options.push([OPTION.IPV6_ONLY, 1]);
    const request = encodeRequest({ options, local, remote: [] });
    const result = loop.calls.listen(loop.id, request, request.length);
    if (result < 0) {
      const lacking = unsupportedOption(loop);
      if (lacking !== undefined) return this.#fail(lacking);
      const failed = local[loop.calls.failed_local()] ?? local[0];
      return this.#fail(loop.error(result, "listen", failed));
    }
    const handle = this.#handle = new Handle(loop, this.#waiter);
    handle.adopt(result);
    this.#addresses = handle.addresses("local") ?? [];
    nextTick(() => {
      if (handle.isOpen) this.emit("listening");
    });
  }

  #fail(error: Error): void {
    this.#stop();
    nextTick(() => this.emit("error", error));
  }

  #accept(): void {
    const handle = this.#handle;
    while (handle?.isOpen) {
      const { loop } = handle;
      const slab = loop.borrow();
      const count = loop.calls.accept(handle.number, slab.bytes, ACCEPT_COUNT * AcceptedRecord.SIZE);
      // All are read before the first is handed out, since its listeners may have the slab used for receiving.
      const accepted = recordsOf(slab, AcceptedRecord, count).map(acceptedOf);
      loop.giveBack(slab);
      if (count < 0) return this.#acceptLater(loop, count);
      for (const one of accepted) {
        if (handle.isOpen) this.#take(loop, one);
        else loop.calls.close(one.handle, CLOSE.ABORT); // closed by a handler
      }
      if (count < ACCEPT_COUNT) return;
    }
  }

  /** Tries again in a moment. Connections wait in the backlog while there is no descriptor or memory for them. */
  #acceptLater(loop: Loop, result: number): void {
    const { message } = loop.error(result, "accept");
    if (!this.#hasWarned) this.#stacks.runtime.warn(`${message}: ${SHORTAGE_CURE}`, "NETSCTP_ACCEPT");
    this.#hasWarned = true;
    this.#retry ??= setTimeout(() => {
      this.#retry = undefined;
      this.#accept();
    }, ACCEPT_RETRY_MS).unref();
  }

  #take(loop: Loop, accepted: Accepted): void {
    if (this.#isBlocked(loop, accepted)) loop.calls.close(accepted.handle, CLOSE.ABORT);
    else if (this.#sockets.size - this.#over >= (this.maxConnections ?? Infinity)) {
      this.#drop(loop, accepted);
    } else this.#connect(loop, accepted);
  }

  #isBlocked(loop: Loop, { handle, remote }: Accepted): boolean {
    const { blockList } = this.#plan;
    if (blockList === undefined) return false;
    const known = addressesOf(loop, handle, "remote") ?? (remote ? [remote] : []);
    return blockedOne(blockList, known.map(({ address }) => address)) !== undefined;
  }

  #drop(loop: Loop, { handle, local, remote }: Accepted): void {
    loop.calls.close(handle, CLOSE.ABORT);
    const dropped: DropArgument = {
      ...(local && { localAddress: local.address, localPort: local.port, localFamily: local.family }),
      ...(remote && { remoteAddress: remote.address, remotePort: remote.port, remoteFamily: remote.family }),
    };
    this.#tell("drop", dropped);
  }

  #connect(loop: Loop, accepted: Accepted): void {
    const plan = this.#plan;
    const keeper = this.#keeper;
    const isPaused = plan.pauseOnConnect;
    const open: Opening = (onOpen) => onOpen(loop);
    const start = () => startSocket({ open, plan, accepted, isPaused, server: this, keeper });
    // net decides, by runtime, which AsyncLocalStorage the socket's events see.
    const socket = this.#stacks.runtime.acceptsInContextOfListen
      ? this.#context!.runInAsyncScope(start)
      : start();
    this.#sockets.add(socket);
    this.#tell("connection", socket);
  }

  /** Emits an event. An exception of a listener does not lose the connections that were accepted in the same call. */
  #tell(event: string, argument: Socket | DropArgument): void {
    calling(() => this.#context!.runInAsyncScope(this.emit, this, event, argument));
  }

  /** Whether it is listening. */
  get listening(): boolean {
    return this.#handle?.isOpen ?? false;
  }

  /** The stack that serves, once it was told to listen and its library is there. */
  get stack(): Stack | undefined {
    return this.#loop?.stack;
  }

  /** The bound address, the first if there are several; null when not listening. */
  address(): AddressInfo | null {
    const [first] = this.#addresses;
    return this.listening && first ? { ...first } : null;
  }

  /**
   * The UDP port it listens on, where SCTP goes over UDP: what a client's `udpPort` has to be. Undefined when not
   * listening, and where the kernel's stack takes none.
   */
  get udpPort(): number | undefined {
    return this.#handle?.udpPort("local");
  }

  /**
   * All bound addresses.
   *
   * @throws ERR_SERVER_NOT_RUNNING when not listening
   */
  getLocalAddresses(): AddressInfo[] {
    if (!this.listening) throw notRunning();
    return this.#addresses.map((one) => ({ ...one }));
  }

  /** How many connections are open, as `net` has it: given to the callback. */
  getConnections(callback: (error: Error | null, count: number) => void): this {
    nextTick(callback, null, this.#sockets.size - this.#over);
    return this;
  }

  /**
   * Stops listening. `close` and the callback come when the last connection has closed; the callback gets
   * ERR_SERVER_NOT_RUNNING if it was not listening, as it is while a host name is being resolved.
   */
  close(callback?: (error?: Error) => void): this {
    if (typeof callback === "function") { // which is the listener itself where there is nothing to tell it, as in net
      this.once("close", this.listening ? callback : () => callback(notRunning()));
    }
    if (this.#listenPlan) this.#stop();
    this.#closeIfDone();
    return this;
  }

  #stop(): void {
    this.#listenPlan = undefined;
    this.#ignoreSignal?.();
    nextTick((context: AsyncResource) => context.emitDestroy(), this.#context!); // a listener may be running in it
    this.#handle?.close(CLOSE.RELEASE);
    if (this.#isRef) this.#loop?.unref();
  }

  #closeIfDone(): void {
    if (this.#listenPlan || this.#sockets.size > 0) return;
    nextTick(() => this.emit("close"));
  }

  /**
   * Where `captureRejections` is on: what an async listener of `connection` throws destroys its socket.
   *
   * @internal
   */
  [Symbol.for("nodejs.rejection")](error: Error, event: string | symbol, socket?: Socket): void {
    if (event === "connection") socket!.destroy(error);
    else this.emit("error", error);
  }

  /** Closes the server, if it listens, and waits until its last connection has closed. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#listenPlan) await new Promise<void>((resolve) => this.close(() => resolve()));
  }

  /** Lets this server keep the process alive (the default). */
  ref(): this {
    return this.#setRef(true);
  }

  /** Lets the process end although this server listens. */
  unref(): this {
    return this.#setRef(false);
  }

  #setRef(isRef: boolean): this {
    if (isRef !== this.#isRef && this.#listenPlan) isRef ? this.#loop?.ref() : this.#loop?.unref();
    this.#isRef = isRef;
    return this;
  }
}

const notRunning = () => wrongState("ERR_SERVER_NOT_RUNNING", "Server is not running.");
