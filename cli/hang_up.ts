import type { Socket } from "../mod.ts";

/** How long the SHUTDOWN may take. */
const SHUTDOWN_MS = 3000;

/** Resolves when the association has ended, in order if that is possible. */
export async function hangUp(socket: Socket): Promise<void> {
  if (socket.closed) return;
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  socket.on("error", () => {}); // the result is known already
  socket.end();
  const timer = setTimeout(() => socket.resetAndDestroy(), SHUTDOWN_MS);
  await closed;
  clearTimeout(timer);
}
