/** What a socket is made from, and that only this package makes one. */
import type { ConnectPlan } from "./connect_options.ts";
import type { Loop } from "./loop.ts";
import type { AssociationPlan } from "./options.ts";
import type { Accepted, NumberedOption } from "./records.ts";

/** A connection that a server accepted, or a peer to connect to. */
export interface SocketStart {
  readonly loop: Loop;
  readonly plan: AssociationPlan;
  readonly accepted?: Accepted;
  readonly connect?: { readonly plan: ConnectPlan; readonly socketOptions: readonly NumberedOption[] };
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
