/** The events of servers and sockets, with their arguments, for those who listen in TypeScript. */
import type { Message } from "../association/message.ts";
import type { Undelivered } from "../association/undelivered.ts";
import type { Path, PathChange } from "../association/paths.ts";
import type { Notification } from "../notifications/types.ts";
import type { Socket } from "./socket.ts";

/** What a `drop` event tells of a connection that was not let in. */
export interface DropArgument {
  /** The address of this end that it came to. */
  localAddress?: string;
  /** The SCTP port it came to. */
  localPort?: number;
  /** "IPv4" or "IPv6". */
  localFamily?: string;
  /** The peer's primary address; missing, as all of the peer's, if it had gone before it could be asked. */
  remoteAddress?: string;
  /** The peer's SCTP port. */
  remotePort?: number;
  /** "IPv4" or "IPv6". */
  remoteFamily?: string;
}

/** What a `restart` event tells: the streams as they are from now on. */
export interface RestartArgument {
  /** Streams this end may send on. */
  outboundStreams: number;
  /** Streams the peer may send on. */
  inboundStreams: number;
}

/** Events of a {@linkcode Server}. */
export interface ServerEvents {
  /** It listens now. */
  "listening": [];
  /** A peer has connected. */
  "connection": [socket: Socket];
  /** A peer was not let in: there are `maxConnections` already. */
  "drop": [data: DropArgument];
  /** It cannot listen. */
  "error": [error: Error];
  /** It listens no more, and its last connection has closed. */
  "close": [];
}

/** Events of a {@linkcode Socket}. */
export interface SocketEvents {
  /** A host name was resolved, or not; once for each address. */
  "lookup": [error: Error | null, address: string | undefined, family: 4 | 6 | undefined, host: string];
  /** An address is tried. */
  "connectionAttempt": [address: string, port: number, family: 4 | 6];
  /** An attempt to reach an address has failed. */
  "connectionAttemptFailed": [address: string, port: number, family: 4 | 6, error: Error];
  /** An address did not answer in time: the next is tried. */
  "connectionAttemptTimeout": [address: string, port: number, family: 4 | 6];
  /** The association is up. */
  "connect": [];
  /** The same, right after it. */
  "ready": [];
  /** One message. */
  "data": [message: Message];
  /** A message can be read. */
  "readable": [];
  /** There is room to write again. */
  "drain": [];
  /** Nothing came and nothing went for the time of `setTimeout()`. */
  "timeout": [];
  /**
   * A message was not delivered, as far as this end knows: it was given up, or the association has ended, otherwise than
   * by `destroy()`. Before `error` and `close`.
   */
  "undelivered": [message: Undelivered];
  /** The stack tells something about the association. */
  "notification": [notification: Notification];
  /**
   * The peer has restarted: it has lost all that it knew of the association, and made it again (RFC 9260 section 5.2).
   * What was on its way is lost, and what had come of an unfinished message is dropped.
   */
  "restart": [streams: RestartArgument];
  /** An address of either end came, went or became the primary one. */
  "address-change": [];
  /** The state of a path has changed: see `peerInfoByAddress`. */
  "peer-info-update": [];
  /** A path has changed; what it is now, and what has become of it. */
  "path": [path: Path, change: PathChange];
  /** All messages of the peer have been read: it has begun its SHUTDOWN, or answered ours. */
  "end": [];
  /** All that was written has been handed to the stack, and the SHUTDOWN begun. */
  "finish": [];
  /** What went wrong; `close` follows. */
  "error": [error: Error];
  /** The socket is closed. */
  "close": [hadError: boolean];
}

/** What listens to the events of a map: the arguments of a listener follow from the event's name. */
export interface Listening<Events, Emitter> {
  <E extends keyof Events>(event: E, listener: (...args: Events[E] & unknown[]) => void): Emitter;
  // deno-lint-ignore no-explicit-any -- as EventEmitter has it
  (event: string | symbol, listener: (...args: any[]) => void): Emitter;
}

/** A listener of one of the events of a {@linkcode Socket}. */
export type SocketListener<E extends keyof SocketEvents> = (...args: SocketEvents[E] & unknown[]) => void;
