import type { Duplex } from "node:stream";

// Beyond what fills an SCTP socket. One of TCP takes small messages for ever, and nothing else would get its turn.
const AT_ONCE = 4096;

/** Writes until the socket is full, and again at each 'drain'. Resolves once it is over. */
export function pump(socket: Duplex, isOver: () => boolean, write: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    function fill() {
      if (isOver()) {
        socket.off("drain", fill);
        return resolve();
      }
      for (let i = 0; i < AT_ONCE; i++) if (!write()) return;
      setImmediate(fill);
    }
    socket.on("drain", fill);
    fill();
  });
}
