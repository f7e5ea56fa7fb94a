/** One association, from being up to its end, as the user is told of it. */
import type { Notification, Socket, SystemError } from "../../mod.ts";
import { EXIT, exitCodeOf, Failure } from "../exit_codes.ts";
import type { Output } from "../output.ts";
import { onceAborted, stopSignal } from "../stop.ts";
import { hostPort } from "../target.ts";

/** How long a SHUTDOWN may take once the user wants to go. */
const SHUTDOWN_MS = 3000;
/** Input that is there already comes within this time, and would be cut off. */
const MORE_INPUT_MS = 100;

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
  /** The peer's SHUTDOWN has come, behind all its messages: nothing that is written now arrives. */
  #isPeersEnd = false;
  #isStopping = false;
  #isCut = false;
  #heardAt = performance.now();
  /** Bytes read by then. */
  #bytesHeard = 0;
  #inputOver = Promise.resolve();
  #failure: Error | undefined;

  /** @param socket whose association is up */
  constructor(socket: Socket, { id, output, notifications, idleTimeout }: PeerOptions) {
    this.id = id;
    this.socket = socket;
    this.#output = output;
    this.#tellUp();
    socket.on("notification", (notification) => {
      if (notifications) this.#tellNotification(notification);
      if (notification.parsed.type === "shutdown") this.#peerEnds();
    });
    if (idleTimeout) socket.setTimeout(idleTimeout, () => this.#fail(silence(idleTimeout)));
    socket.on("error", (error) => this.#failure ??= error);
    const heard = () => {
      this.#heardAt = performance.now();
      this.#bytesHeard = socket.bytesRead;
    };
    socket.on("data", () => {
      this.#received++;
      heard();
    });
    // Whoever has not listened has not heard silence.
    socket.on("resume", heard);
    const stop = stopSignal();
    const forget = onceAborted(stop, () => this.#stop(stop.reason));
    this.ended = new Promise((resolve) => {
      socket.on("close", async () => {
        forget();
        await this.#moreInput();
        resolve(this.#tellEnd());
      });
    });
  }

  /** @param over resolves when all of the input has been given to send() */
  hasInput(over: Promise<void>): void {
    this.#inputOver = over;
  }

  /** Where all went well so far: input that is there and not sent yet is lost, which send() notices. */
  async #moreInput(): Promise<void> {
    if (this.#failure || this.#isOurEnd || this.#isCut) return;
    await Promise.race([this.#inputOver, new Promise((resolve) => setTimeout(resolve, MORE_INPUT_MS))]);
  }

  /** Sends one message. Resolves when there is room for the next, or nobody to send it to. */
  send(message: Uint8Array): Promise<void> | undefined {
    const { socket } = this;
    if (this.#isOurEnd && !this.#isStopping) return;
    if (this.#isStopping || this.#isPeersEnd || !socket.writable) return this.#lose();
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

  /**
   * A message is there that will not arrive: SCTP has no half-open state (RFC 9260 section 9.2). The peer is told by an
   * ABORT, so that it does not take what it has got for all there is.
   */
  #lose(): undefined {
    const { socket } = this;
    if (!this.#isStopping) {
      this.unsent++;
      this.#failure ??= new Failure("EPIPE", "the peer ended before all was sent", EXIT.aborted);
    }
    if (socket.destroyed) return;
    this.#isCut = true;
    while (socket.read() !== null) { /* its listeners get what has come */ }
    socket.resetAndDestroy();
  }

  #peerEnds(): void {
    this.#isPeersEnd = true;
    if (this.socket.writableLength > 0) this.#lose();
  }

  /** @param exitCode why: without a reader, what the peer still sends is lost */
  #stop(exitCode: number): void {
    this.#isStopping = true;
    if (exitCode === EXIT.brokenPipe || this.socket.writableNeedDrain) return this.#lose();
    setTimeout(() => this.end(SHUTDOWN_MS), MORE_INPUT_MS);
  }

  /**
   * Ends it once nothing has come for so long: the peer may have something to say to what it got.
   *
   * @param before bytes that had come at the last look: a large message comes in pieces, which are no silence
   */
  endWhenQuiet(ms: number, before = 0): void {
    const { socket } = this;
    const { bytesRead } = socket;
    const isBehind = socket.isPaused() || socket.readableLength > 0 ||
      bytesRead > Math.max(before, this.#bytesHeard);
    const rest = isBehind ? ms : ms - (performance.now() - this.#heardAt);
    if (rest <= 0) return this.end();
    const timer = setTimeout(() => this.endWhenQuiet(ms, bytesRead), rest);
    socket.once("close", () => clearTimeout(timer));
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
    const reason = error?.code === "EPIPE"
      ? "unsent"
      : this.#isCut
      ? "aborted"
      : REASONS[exitCode] ?? "failed";
    const { id, socket } = this;
    const by = this.#isOurEnd || this.#isCut ? "us" : "peer";
    this.#output.emit({
      event: "closed",
      id,
      reason,
      ...(!error && { by }),
      ...(error && { code: error.code, message: error.message }),
      messagesIn: this.#received,
      messagesOut: this.#sent,
      bytesIn: socket.bytesRead,
      bytesOut: socket.bytesWritten,
    });
    const how = error
      ? `${reason}: ${error.message}`
      : `${this.#isCut ? "aborted" : "ended"} by ${by === "us" ? "us" : "the peer"}`;
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
