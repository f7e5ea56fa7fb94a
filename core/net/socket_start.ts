/** What a socket is made from, and that only this package makes one. */
import type { ConnectPlan } from "../options/connect.ts";
import type { Loop } from "../shim/loop.ts";
import type { Stack } from "../shim/native.ts";
import type { AssociationPlan } from "../options/association.ts";
import type { Accepted, NumberedOption } from "../shim/records.ts";
import type { BaseServer } from "./server.ts";

/** A connection to be made. */
export interface Connecting {
  readonly plan: ConnectPlan;
  /** Its options on the stack that serves it. */
  socketOptions(stack: Stack): readonly NumberedOption[];
}

/** Who is told of a socket's end. */
export interface Keeper {
  /** Its association is over; 'close' is still to tell. */
  onOver(): void;
  /** Comes behind the listeners of 'close', which users may remove. */
  onGone(socket: object): void;
}

/** A connection that a server accepted, or a peer to connect to. */
export interface SocketStart {
  /** A promise while the library has yet to be fetched. */
  readonly loop: Loop | Promise<Loop>;
  readonly plan: AssociationPlan;
  readonly accepted?: Accepted;
  /** Who accepted it. */
  readonly server?: BaseServer;
  /** Who counts it. */
  readonly keeper?: Keeper;
  readonly connect?: Connecting;
}

/** The one start that passes the constructor. */
let opened: SocketStart | undefined;

/** Lets the next socket start from this; users get theirs from `connect()` or a server. */
export function openStart(start: SocketStart): SocketStart {
  opened = start;
  return start;
}

/** Whether it is the one just opened, which then is used up. */
export function isOpened(start: SocketStart | undefined): boolean {
  const isIt = start !== undefined && start === opened;
  opened = undefined;
  return isIt;
}
