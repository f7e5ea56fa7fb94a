import type { Duplex } from "node:stream";

/** Writes until the socket is full, and again at each 'drain'. Resolves once it is over. */
export function pump(socket: Duplex, isOver: () => boolean, write: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    function fill() {
      if (isOver()) {
        socket.off("drain", fill);
        resolve();
      } else {
        while (write());
      }
    }
    socket.on("drain", fill);
    fill();
  });
}
