/** A message that says when it was sent, and whether its sender's primary path was as before any failure. */
import type { Socket } from "netsctp";

/** The state of a path that is used. */
export const ACTIVE = 2;

/** The least time-out there is. It is doubled when the path fails, and the least again when a heartbeat has come back. */
export const LEAST_RTO_MS = 1000;

/** Whether the primary path is used: the userspace stack calls one active, too, that it avoids until its next heartbeat. */
function isPrimaryUsed(socket: Socket): boolean {
  const path = socket.peerInfoByAddress[socket.remoteAddress!];
  return path?.state === ACTIVE && path.rto < 2 * LEAST_RTO_MS;
}

export function timedMessage(socket: Socket): string {
  return `${Date.now()} ${isPrimaryUsed(socket)}`;
}

export function parseTimed(message: string): { sent: number; overPrimary: boolean } {
  const [sent, overPrimary] = message.split(" ");
  return { sent: Number(sent), overPrimary: overPrimary === "true" };
}
