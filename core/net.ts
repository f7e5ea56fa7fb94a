/** Binds the public functions to a runtime; mod.ts does it once. */
import {
  BlockList,
  getDefaultAutoSelectFamily,
  getDefaultAutoSelectFamilyAttemptTimeout,
  isIP,
  isIPv4,
  isIPv6,
  setDefaultAutoSelectFamily,
  setDefaultAutoSelectFamilyAttemptTimeout,
  SocketAddress,
} from "node:net";
import { type ConnectOptions, planConnect } from "./connect_options.ts";
import type { Runtime } from "./native.ts";
import { type Counters, OPTION } from "./records.ts";
import { Server as AnyServer } from "./server.ts";
import type { ServerOptions } from "./server_options.ts";
import { Socket, startSocket } from "./socket.ts";
import { type StackChoice, type StackInfo, Stacks } from "./stacks.ts";

/** What `net` has that is about no socket: the very same. */
export const netHelpers = {
  BlockList,
  SocketAddress,
  isIP,
  isIPv4,
  isIPv6,
  getDefaultAutoSelectFamily,
  setDefaultAutoSelectFamily,
  getDefaultAutoSelectFamilyAttemptTimeout,
  setDefaultAutoSelectFamilyAttemptTimeout,
} as const;

type ConnectionListener = (socket: Socket) => void;

/** How `new Server()` is called; `createServer()` does the same. */
export interface ServerConstructor {
  new (listener?: ConnectionListener): AnyServer;
  new (options?: ServerOptions | null, listener?: ConnectionListener): AnyServer;
  readonly prototype: AnyServer;
}

/** The functions of the package, for one runtime. */
export interface Net {
  Server: ServerConstructor;
  Socket: typeof Socket;
  createServer(listener?: ConnectionListener): AnyServer;
  createServer(options?: ServerOptions | null, listener?: ConnectionListener): AnyServer;
  connect(options: ConnectOptions, listener?: () => void): Socket;
  connect(port: number | string, host?: string, listener?: () => void): Socket;
  connect(port: number | string, listener?: () => void): Socket;
  stackInfo(choice?: StackChoice): StackInfo;
  counters(choice?: StackChoice): Counters;
}

export function createNet(runtime: Runtime): Net {
  const stacks = new Stacks(runtime);

  class Server extends AnyServer {
    constructor(first?: ServerOptions | null | ConnectionListener, second?: ConnectionListener) {
      const [options, listener] = typeof first === "function" ? [undefined, first] : [first, second];
      super(stacks, options, listener);
    }
  }

  function connect(...args: unknown[]): Socket {
    const plan = planConnect(args);
    const loop = stacks.loop(plan.stack);
    const defaults = stacks.socketOptions(loop.stack, OPTION.REMOTE_UDP_PORT, plan.udpPort);
    const socketOptions = [...defaults, ...plan.socketOptions];
    const socket = startSocket({ loop, plan, connect: { plan, socketOptions } });
    if (plan.callback) socket.once("connect", plan.callback);
    return socket;
  }

  return {
    Server,
    Socket,
    createServer: (first?: unknown, second?: unknown) => new Server(first as ServerOptions, second as never),
    connect,
    stackInfo: (choice) => stacks.choose(choice),
    counters: (choice) => stacks.loop(choice).counters(),
  };
}
