import { once } from "node:events";
import type { Duplex } from "node:stream";

/** As many messages are written before anything else gets its turn, full or not. */
export const AT_ONCE = 1024;

/** Lets timers have their turn, and waits while the socket is full. */
export async function room(socket: Duplex): Promise<void> {
  if (socket.writableNeedDrain) await once(socket, "drain");
  else await new Promise((resolve) => setImmediate(resolve));
}
