/** What a call throws. */

export interface Thrown extends NodeJS.ErrnoException {
  feature?: string;
  end?: string;
}

export function thrownBy(call: () => unknown): Thrown {
  try {
    call();
  } catch (error) {
    return error as Thrown;
  }
  throw new Error("nothing was thrown");
}
