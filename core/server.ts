/** Server: a listening endpoint that hands out Sockets, shaped as `net.Server`. */
import { EventEmitter } from "node:events";
import { nextTick } from "node:process";
import { setTimeout } from "node:timers";
import { wrongState } from "./errors.ts";
import { type Loop, throwLater } from "./loop.ts";
import type { Stack } from "./native.ts";
import { type AssociationPlan, type ListenOptions, type ListenPlan, planListen } from "./options.ts";
import {
  type Accepted,
  ACCEPTED_SIZE,
  type AddressInfo,
  CLOSE,
  encodeRequest,
  OPTION,
  readAccepted,
} from "./records.ts";
import { resolveHost } from "./resolve.ts";
import { type Socket, startSocket } from "./socket.ts";
import type { Stacks } from "./stacks.ts";

// Connections taken in one call.
const ACCEPT_COUNT = 64;

// How soon to try again where there was no descriptor or memory for a connection.
const ACCEPT_RETRY_MS = 100;

/**
 * A server of SCTP associations. Events: `listening`, `connection` with a {@linkcode Socket}, `error`, `close`.
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
export class Server extends EventEmitter {
  readonly #stacks: Stacks;
  readonly #plan: AssociationPlan;
  readonly #waiter = { onReady: () => this.#accept() };
  #loop: Loop | undefined;
  #handle = 0;
  /** Between listen() and its outcome, and then until close(). */
  #isListening = false;
  #isRef = true;
  #address: AddressInfo | null = null;
  readonly #sockets = new Set<Socket>();

  /** Users call `createServer()`. */
  constructor(stacks: Stacks, plan: AssociationPlan, listener?: (socket: Socket) => void) {
    super();
    this.#stacks = stacks;
    this.#plan = plan;
    if (listener) this.on("connection", listener);
  }

  /**
   * Starts listening. `listening` or `error` follows, never during the call.
   *
   * @throws ERR_SERVER_ALREADY_LISTEN, and what wrong arguments throw
   * @throws ERR_SCTP_UNAVAILABLE where no stack can serve
   */
  listen(options: ListenOptions, listener?: () => void): this;
  listen(port?: number, host?: string, backlog?: number, listener?: () => void): this;
  listen(port?: number, host?: string, listener?: () => void): this;
  listen(port?: number, listener?: () => void): this;
  listen(listener?: () => void): this;
  listen(...args: unknown[]): this {
    const plan = planListen(args);
    if (this.#isListening) {
      const message = "Listen method has been called more than once without closing.";
      throw wrongState("ERR_SERVER_ALREADY_LISTEN", message);
    }
    const loop = this.#stacks.loop(this.#plan.stack);
    this.#loop = loop;
    this.#isListening = true;
    if (this.#isRef) loop.ref();
    if (plan.callback) this.once("listening", plan.callback);
    if (plan.host === undefined) this.#open(loop, plan, "::"); // the shim takes 0.0.0.0 where there is no IPv6
    else {
      resolveHost(plan.host, (error, address) => {
        if (!this.#isListening) return; // closed meanwhile
        if (error) this.#fail(loop, error);
        else this.#open(loop, plan, address);
      });
    }
    return this;
  }

  #open(loop: Loop, plan: ListenPlan, address: string): void {
    const local = { address, port: plan.port };
    const extra = this.#stacks.socketOptions(loop.stack, OPTION.LOCAL_UDP_PORT, plan.udpPort);
    const options = [...this.#plan.socketOptions, ...plan.socketOptions, ...extra];
    const request = encodeRequest({ options, local: [local], remote: [] });
    const result = loop.calls.listen(loop.id, request, request.length);
    if (result < 0) return this.#fail(loop, loop.error(result, "listen", local));
    this.#handle = result;
    loop.add(result, this.#waiter);
    this.#address = loop.addresses(result, "local")[0] ?? null;
    nextTick(() => {
      if (this.#handle === result) this.emit("listening");
    });
  }

  #fail(loop: Loop, error: Error): void {
    this.#isListening = false;
    if (this.#isRef) loop.unref();
    nextTick(() => this.emit("error", error));
  }

  #accept(): void {
    const loop = this.#loop!;
    const slab = loop.inbox;
    while (this.#handle !== 0) {
      const count = loop.calls.accept(this.#handle, slab.bytes, ACCEPT_COUNT * ACCEPTED_SIZE);
      if (count < 0) { // out of descriptors or memory: those who wait go on waiting
        setTimeout(() => this.#accept(), ACCEPT_RETRY_MS).unref();
        return;
      }
      // All are taken out of the slab before one is given on: users' handlers may receive.
      const accepted = Array.from({ length: count }, (_, i) => readAccepted(slab, i));
      for (const one of accepted) this.#take(loop, one);
      if (count < ACCEPT_COUNT) return;
    }
  }

  #take(loop: Loop, accepted: Accepted): void {
    const socket = startSocket({ loop, plan: this.#plan, accepted });
    this.#sockets.add(socket);
    socket.once("close", () => {
      this.#sockets.delete(socket);
      this.#closeIfDone();
    });
    try {
      this.emit("connection", socket);
    } catch (error) {
      throwLater(error); // a handler's; the others that were accepted with this one must not be lost for it
    }
  }

  /** Whether it is listening. */
  get listening(): boolean {
    return this.#handle !== 0;
  }

  /** The stack that serves, once it was told to listen. */
  get stack(): Stack | undefined {
    return this.#loop?.stack;
  }

  /** The bound address, or null when not listening. */
  address(): AddressInfo | null {
    return this.#handle !== 0 && this.#address ? { ...this.#address } : null;
  }

  /**
   * Stops listening. `close` and the callback come when the last connection has closed; the callback gets
   * ERR_SERVER_NOT_RUNNING if it was not listening.
   */
  close(callback?: (error?: Error) => void): this {
    if (!this.#isListening) {
      const error = wrongState("ERR_SERVER_NOT_RUNNING", "Server is not running.");
      if (callback) this.once("close", () => callback(error));
    } else {
      if (callback) this.once("close", () => callback());
      this.#isListening = false;
      if (this.#handle !== 0) {
        this.#loop!.remove(this.#handle);
        this.#loop!.calls.close(this.#handle, CLOSE.RELEASE);
        this.#handle = 0;
      }
      if (this.#isRef) this.#loop!.unref();
    }
    this.#closeIfDone();
    return this;
  }

  #closeIfDone(): void {
    if (this.#isListening || this.#sockets.size > 0) return;
    nextTick(() => this.emit("close"));
  }

  /** Lets this server keep the process alive (the default). */
  ref(): this {
    if (!this.#isRef && this.#isListening) this.#loop!.ref();
    this.#isRef = true;
    return this;
  }

  /** Lets the process end although this server listens. */
  unref(): this {
    if (this.#isRef && this.#isListening) this.#loop!.unref();
    this.#isRef = false;
    return this;
  }
}
