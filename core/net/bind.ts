/** Binds the public functions to a runtime; mod.ts does it once. */
import { planConnect } from "../options/connect.ts";
import { type Feature, supportOf } from "../options/features.ts";
import type { Runtime, Stack } from "../shim/native.ts";
import { OPTION } from "../shim/records.ts";
import { checkHints } from "./resolve.ts";
import { BaseServer } from "./server.ts";
import type { ServerOptions } from "../options/server.ts";
import { type Socket, startSocket } from "./socket.ts";
import { type StackChoice, type StackInfo, Stacks } from "../shim/stacks.ts";
import { optionalObject, optionalString } from "../validate.ts";

/** What is known of each connection that comes in. */
export type ConnectionListener = (socket: Socket) => void;

/** How `new Server()` is called; `createServer()` does the same. */
export interface ServerConstructor {
  /** Makes a server; the listener is added to its `connection` event. */
  new (listener?: ConnectionListener): BaseServer;
  /** The same, with options for the associations that come in. */
  new (options?: ServerOptions | null, listener?: ConnectionListener): BaseServer;
  /** What all servers have, for `instanceof`. */
  readonly prototype: BaseServer;
}

/** Options of `loadLibrary()`. */
export interface LoadLibraryOptions {
  /** Which stack's: "kernel", "userspace" or "auto". Default: NETSCTP_STACK, else "auto". */
  stack?: StackChoice;
  /** The directory that holds the native libraries. Default: NETSCTP_LIBRARY, else in the package or beside the program, else (on Deno)
   * fetched. */
  libraryPath?: string;
}

export function createNet(runtime: Runtime) {
  const stacks = new Stacks(runtime);

  /** @param args in any form that `connect()` allows */
  function connect(args: readonly unknown[]): Socket {
    const plan = planConnect(args, runtime.lookup);
    checkHints(plan.hints);
    const open = stacks.open(plan.stack, plan.libraryPath);
    const socketOptions = (stack: Stack) =>
      stacks.socketOptions(stack, OPTION.REMOTE_UDP_PORT, plan.socketOptions);
    const socket = startSocket({ open, plan, connect: { plan, socketOptions } });
    if (plan.callback) socket.once("connect", plan.callback);
    return socket;
  }

  return {
    // Named by its key, which a bundler keeps.
    Server: class extends BaseServer {
      constructor(first?: ServerOptions | null | ConnectionListener, second?: ConnectionListener) {
        const [options, listener] = typeof first === "function" ? [undefined, first] : [first, second];
        super(stacks, options, listener);
      }
    } as ServerConstructor,
    connect,
    async loadLibrary(value?: LoadLibraryOptions | null): Promise<StackInfo> {
      const options = optionalObject(value, "options") ?? {};
      const libraryPath = optionalString(options.libraryPath, "options.libraryPath") || undefined;
      return await stacks.prepare(options.stack as StackChoice | undefined, libraryPath);
    },
    supports: (feature: Feature, choice?: StackChoice) => supportOf(stacks, feature, choice),
    stackInfo: (choice?: StackChoice) => stacks.choose(choice),
    counters: (choice?: StackChoice) => stacks.loop(choice).counters(),
  };
}
