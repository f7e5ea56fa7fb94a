/**
 * All that core/ asks of a runtime: numbers, Uint8Arrays and one wake
 * callback. No pointer, no handle wider than 32 bits, no runtime's name.
 */
export { WAKE } from "./records.gen.ts";
import type { Lookup } from "../options/connect.ts";
export type { Lookup };
import type { Kind, SYMBOLS, SymbolShape } from "./symbols.ts";

/** The two SCTP stacks that can serve. */
export type Stack = "kernel" | "userspace";

interface JavaScriptKinds {
  u32: number;
  i32: number;
  bytes: Uint8Array;
  wake: unknown;
}

type Parameters<K extends readonly Kind[]> = {
  -readonly [I in keyof K]: JavaScriptKinds[K[I]];
};

type Call<S extends SymbolShape> = (
  ...parameters: Parameters<S["parameters"]>
) => number;

/** The shim's functions, callable; what each does stands in c/sctp_shim.h. */
export type Calls = {
  readonly [K in keyof typeof SYMBOLS]: Call<(typeof SYMBOLS)[K]>;
};

/** A loop of the shim that wakes this thread. */
export interface LoopPort {
  readonly loop: number;
  /** Whether the loop keeps the process alive. */
  setRef(on: boolean): void;
}

/** One loaded shared object. */
export interface Library {
  readonly calls: Calls;
  /** Where it was loaded from, for messages. */
  readonly path: string;
  /** Opens a loop, woken in the cheapest way this runtime has. `wake` runs on
   * this thread. The loop starts without keeping the process alive, and is
   * closed by the runtime when the process or this thread ends. */
  openLoop(wake: () => void): LoopPort;
}

/** What a runtime offers; `runtimes/*.ts` export one as `runtime`. */
export interface Runtime {
  /** Whether net's accepted sockets see the AsyncLocalStorage of `listen()`, where Node's see none. */
  readonly acceptsInContextOfListen?: boolean;
  /** What resolves names where the user has nothing for it, in place of `dns.lookup()`. */
  readonly lookup?: Lookup;
  /** An environment variable; undefined also where reading is not allowed. */
  environment(name: string): string | undefined;
  /** A process warning, as `process.emitWarning`. */
  warn(message: string, code: string): void;
  /**
   * Loads the shared object of a stack.
   *
   * @param directory the only place where it may be; else in the package or beside the program
   * @throws ERR_SCTP_NO_LIBRARY, ERR_SCTP_PERMISSION
   */
  load(stack: Stack, directory?: string): Library;
  /**
   * Fetches the shared object of a stack, checks it and loads it. Absent where a runtime does not fetch.
   *
   * @throws ERR_SCTP_NO_LIBRARY, ERR_SCTP_PERMISSION, ERR_SCTP_FETCH, ERR_SCTP_CHECKSUM
   */
  fetch?(stack: Stack): Promise<Library>;
}
