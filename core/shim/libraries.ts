/** The shared objects of this thread: each loaded once, from where the user says, from this machine, or fetched. */
import { sctpError } from "../errors.ts";
import type { Library, Runtime, Stack } from "./native.ts";
import { LAYOUT_HASH, STACK } from "./records.ts";

export class Libraries {
  readonly #runtime: Runtime;
  readonly #loaded = new Map<Stack, Library>();
  /** Errors that go away once the library of that stack is fetched. */
  readonly #missing = new WeakMap<object, Stack>();
  readonly #fetching = new Map<Stack, Promise<void>>();

  constructor(runtime: Runtime) {
    this.#runtime = runtime;
  }

  /**
   * The library of a stack.
   *
   * @param chosen the directory that the caller wants it from
   * @param directory the same, or what stands for it: the only place then
   * @throws ERR_SCTP_NO_LIBRARY, ERR_SCTP_PERMISSION, ERR_SCTP_LIBRARY_MISMATCH, ERR_SCTP_LIBRARY_LOADED
   */
  load(stack: Stack, chosen: string | undefined, directory: string | undefined): Library {
    const loaded = this.#loaded.get(stack);
    if (loaded === undefined) return this.#take(stack, this.#find(stack, directory));
    if (chosen !== undefined) refuseOther(stack, loaded.path, chosen);
    return loaded;
  }

  #find(stack: Stack, directory: string | undefined): Library {
    try {
      return this.#runtime.load(stack, directory);
    } catch (error) {
      const isNowhere = (error as { code?: string }).code === "ERR_SCTP_NO_LIBRARY";
      if (!isNowhere || directory !== undefined || !this.#runtime.fetch) throw error;
      const missing = sctpError(
        "ERR_SCTP_NO_LIBRARY",
        `The library of the ${stack} stack is not on this machine yet: await loadLibrary() first, which fetches it`,
        error,
      );
      this.#missing.set(missing, stack);
      throw missing;
    }
  }

  /** Whether load() threw this, and may succeed after fetchFor(). */
  isFetchable(error: unknown): boolean {
    return this.#missing.has(error as object);
  }

  /** Fetches what load() did not find when it threw this. Those who want the same at once wait for one fetch. */
  async fetchFor(error: unknown): Promise<void> {
    const stack = this.#missing.get(error as object)!;
    if (this.#loaded.has(stack)) return; // meanwhile
    let fetching = this.#fetching.get(stack);
    if (fetching === undefined) {
      fetching = this.#fetch(stack).finally(() => this.#fetching.delete(stack));
      this.#fetching.set(stack, fetching);
    }
    await fetching;
  }

  async #fetch(stack: Stack): Promise<void> {
    const library = await this.#runtime.fetch!(stack);
    if (!this.#loaded.has(stack)) this.#take(stack, library); // else one from a directory that was named meanwhile serves
  }

  #take(stack: Stack, library: Library): Library {
    checkLayout(library);
    checkStack(library, stack);
    this.#loaded.set(stack, library);
    return library;
  }
}

function checkLayout(library: Library): void {
  const hash = library.calls.layout_hash();
  if (hash === LAYOUT_HASH) return;
  throw sctpError(
    "ERR_SCTP_LIBRARY_MISMATCH",
    `${library.path} is of another version of netsctp (layout ${hash.toString(16)}, needed ` +
      `${
        LAYOUT_HASH.toString(16)
      }). Build it again (npm run build), or correct libraryPath or NETSCTP_LIBRARY if one ` +
      "of them is set",
  );
}

function checkStack({ calls, path }: Library, stack: Stack): void {
  const found: Stack = calls.stack() === STACK.KERNEL ? "kernel" : "userspace";
  if (found === stack) return;
  const cure =
    "Put the library of this stack there, or correct libraryPath or NETSCTP_LIBRARY if one of them is set";
  throw sctpError(
    "ERR_SCTP_LIBRARY_MISMATCH",
    `${path} is the library of the ${found} stack, not of ${stack}. ${cure}`,
  );
}

/** A stack's library has one state a thread, so there cannot be a second one. */
function refuseOther(stack: Stack, path: string, chosen: string): void {
  const directory = path.slice(0, path.lastIndexOf("/"));
  if (chosen.replace(/\/+$/, "") === directory) return;
  throw sctpError(
    "ERR_SCTP_LIBRARY_LOADED",
    `The library of the ${stack} stack is loaded already, from ${path}: libraryPath '${chosen}' comes too late. ` +
      "Give it to the first call, or to loadLibrary() before all others",
  );
}
