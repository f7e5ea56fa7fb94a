/** What a user's function throws: it must reach the process, and nothing else may be lost for it. */

/** Calls what may throw, and goes on. */
export function calling(call: () => void): void {
  try {
    call();
  } catch (error) {
    throwLater(error);
  }
}

/** Throws where neither the FFI, which would swallow it, nor those who still wait for their turn come behind. */
export function throwLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
