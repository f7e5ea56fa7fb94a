/** One association, from being up to its end, as the user is told of it. */
import type { Notification, Socket, SystemError } from "../../mod.ts";
import { EXIT, exitCodeOf, Failure } from "../exit_codes.ts";
import type { Output } from "../output.ts";
import { onceAborted, stopSignal } from "../stop.ts";
import { hostPort } from "../target.ts";

/** How long a SHUTDOWN may take once the user wants to go. */
const SHUTDOWN_MS = 3000;

export interface PeerOptions {
  /** Counted from 1. */
  id: number;
  output: Output;
  notifications?: boolean | undefined;
  /** Milliseconds. */
  idleTimeout?: number | undefined;
}

export class Peer {
  readonly id: number;
  readonly socket: Socket;
  /** The association has ended: with the exit code that tells how. */
  readonly ended: Promise<number>;
  /** Messages that came too late for a peer that had ended. */
  unsent = 0;
  readonly #output: Output;
  #received = 0;
  #sent = 0;
  #isOurEnd = false;
  #failure: Error | undefined;

  /** @param socket whose association is up */
  constructor(socket: Socket, { id, output, notifications, idleTimeout }: PeerOptions) {
    this.id = id;
    this.socket = socket;
    this.#output = output;
    this.#tellUp();
    if (notifications) socket.on("notification", (notification) => this.#tellNotification(notification));
    if (idleTimeout) socket.setTimeout(idleTimeout, () => this.#fail(silence(idleTimeout)));
    socket.on("error", (error) => this.#failure ??= error);
    socket.on("data", () => this.#received++);
    const forget = onceAborted(stopSignal(), () => this.end(SHUTDOWN_MS));
    this.ended = new Promise((resolve) => {
      socket.on("close", () => {
        forget();
        resolve(this.#tellEnd());
      });
    });
  }

  /** Sends one message. Resolves when there is room for the next, or nobody to send it to. */
  send(message: Uint8Array): Promise<void> | undefined {
    const { socket } = this;
    if (!socket.writable) return this.#lose();
    this.#sent++;
    if (socket.write(message)) return undefined;
    return new Promise((resolve) => {
      const done = () => {
        socket.off("drain", done).off("close", done);
        resolve();
      };
      socket.on("drain", done).on("close", done);
    });
  }

  /** A message is there and the peer has ended: SCTP has no half-open state (RFC 9260 section 9.2). */
  #lose(): undefined {
    if (this.#isOurEnd) return;
    this.unsent++;
    this.#failure ??= new Failure("EPIPE", "the peer ended before all was sent", EXIT.aborted);
  }

  /** SHUTDOWN: all that was sent arrives first. @param limit milliseconds until it becomes an ABORT */
  end(limit?: number): void {
    const { socket } = this;
    if (socket.writable) {
      this.#isOurEnd = true;
      socket.end();
    }
    socket.resume(); // what waits to be read would keep the end from being seen
    if (limit !== undefined) setTimeout(() => socket.resetAndDestroy(), limit).unref();
  }

  /** Ends because of what went wrong on this side. */
  fail(error: Error): void {
    this.#fail(error);
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.end(SHUTDOWN_MS);
  }

  #tellUp(): void {
    const { id, socket } = this;
    const { localAddresses, localPort, remoteAddresses, remotePort, outboundStreams, inboundStreams, stack } =
      socket;
    this.#output.emit({
      event: "connected",
      id,
      stack,
      localAddresses,
      localPort,
      remoteAddresses,
      remotePort,
      outboundStreams,
      inboundStreams,
    });
    const from = remoteAddresses.map((address) => hostPort(address, remotePort!)).join(" ");
    this.#note(`connected to ${from}, ${outboundStreams} streams out, ${inboundStreams} in (${stack})`);
  }

  #tellNotification({ parsed, interpreted }: Notification): void {
    const { type } = parsed;
    // The names of RFC 6458 say the same a second time.
    const fields = Object.fromEntries(Object.entries(parsed).filter(([name]) => !name.startsWith("sn_")));
    this.#output.emit({ event: "notification", id: this.id, ...fields, type, interpreted });
    this.#note(`notification: ${interpreted}`);
  }

  #tellEnd(): number {
    const error = this.#failure as SystemError | undefined;
    const exitCode = error === undefined ? EXIT.ok : exitCodeOf(error);
    const reason = error?.code === "EPIPE" ? "unsent" : REASONS[exitCode] ?? "failed";
    const { id, socket } = this;
    this.#output.emit({
      event: "closed",
      id,
      reason,
      ...(!error && { by: this.#isOurEnd ? "us" : "peer" }),
      ...(error && { code: error.code, message: error.message }),
      messagesIn: this.#received,
      messagesOut: this.#sent,
      bytesIn: socket.bytesRead,
      bytesOut: socket.bytesWritten,
    });
    const how = error ? `${reason}: ${error.message}` : `ended by ${this.#isOurEnd ? "us" : "the peer"}`;
    const text = `${how} (in: ${counted(this.#received, socket.bytesRead)}; ` +
      `out: ${counted(this.#sent, socket.bytesWritten)})`;
    if (error) this.#output.problem(`#${id} ${text}`);
    else this.#note(text);
    return exitCode;
  }

  #note(text: string): void {
    this.#output.note(this.#output.paintNote("dim", `#${this.id} ${text}`));
  }
}

const REASONS: Record<number, string> = {
  [EXIT.ok]: "shutdown",
  [EXIT.aborted]: "aborted",
  [EXIT.timedOut]: "timed-out",
};

const counted = (messages: number, bytes: number) =>
  `${messages} ${messages === 1 ? "message" : "messages"}, ${bytes} bytes`;

const silence = (ms: number) =>
  new Failure("ETIMEDOUT", `nothing came and nothing went for ${ms / 1000} s`, EXIT.timedOut);
