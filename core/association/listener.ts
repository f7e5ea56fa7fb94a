/** The interface through which an association reports events. */
import type { CloseReason } from "./close_reason.ts";
import type { Message } from "./message.ts";
import type { DecodedNotification } from "../notifications/decode.ts";
import type { Undelivered } from "./undelivered.ts";

/** Is called with what happens, in the order it happened. */
export interface AssociationListener {
  /** A whole message; `receiveQueue.consumed()` says when it has been read. Only this may throw: a reader's exception. */
  onMessage(message: Message): void;
  /** A piece of a message has come; the rest is to follow. */
  onPiece(): void;
  /** Less waits to be sent than before. */
  onSent(): void;
  onUp(): void;
  onNotification(notification: DecodedNotification): void;
  /** Whether somebody wants to hear of what was not delivered. */
  readonly wantsUndelivered: boolean;
  /** A message was not delivered. Comes before onClosed(). */
  onUndelivered(message: Undelivered): void;
  /**
   * Nothing goes either way any more: comes once, last, and not after close(). While connecting once for each attempt,
   * after which another may be begun.
   *
   * @param error bears the reason; undefined after a SHUTDOWN, when all messages of the peer have been given
   */
  onClosed(reason: CloseReason, error: Error | undefined): void;
}
