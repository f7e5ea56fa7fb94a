/** What a user's function throws: it must reach the process, and nothing else may be lost by it. */

/** Calls what may throw, and goes on. */
export function calling(call: () => void): void {
  try {
    call();
  } catch (error) {
    throwLater(error);
  }
}

/** Calls again while that throws, each time for something else. */
export function untilNoneThrows<T>(call: () => T): T {
  for (;;) {
    try {
      return call();
    } catch (error) {
      throwLater(error);
    }
  }
}

/** Throws from a microtask: here the FFI might swallow it, and callers behind this one would be skipped. */
export function throwLater(error: unknown): void {
  queueMicrotask(() => {
    throw error;
  });
}
