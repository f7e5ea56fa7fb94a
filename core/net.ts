/** Binds the public functions to a runtime; mod.ts does it once. */
import type { Counters } from "./records.ts";
import type { Runtime } from "./native.ts";
import { type ConnectOptions, planAssociation, planConnect, type ServerOptions } from "./options.ts";
import { OPTION } from "./records.ts";
import { Server } from "./server.ts";
import { type Socket, startSocket } from "./socket.ts";
import { type StackChoice, type StackInfo, Stacks } from "./stacks.ts";
import { optionalFunction } from "./validate.ts";

type ConnectionListener = (socket: Socket) => void;

/** The functions of the package, for one runtime. */
export interface Net {
  createServer(listener?: ConnectionListener): Server;
  createServer(options?: ServerOptions, listener?: ConnectionListener): Server;
  connect(options: ConnectOptions, listener?: () => void): Socket;
  connect(port: number, host?: string, listener?: () => void): Socket;
  connect(port: number, listener?: () => void): Socket;
  stackInfo(choice?: StackChoice): StackInfo;
  counters(choice?: StackChoice): Counters;
}

export function createNet(runtime: Runtime): Net {
  const stacks = new Stacks(runtime);

  function createServer(first?: ServerOptions | ConnectionListener, second?: ConnectionListener): Server {
    const [options, listener] = typeof first === "function" ? [undefined, first] : [first, second];
    return new Server(stacks, planAssociation(options), optionalFunction(listener, "connectionListener"));
  }

  function connect(...args: unknown[]): Socket {
    const plan = planConnect(args);
    const loop = stacks.loop(plan.stack);
    const extra = stacks.socketOptions(loop.stack, OPTION.REMOTE_UDP_PORT, plan.udpPort);
    const socketOptions = [...plan.socketOptions, ...extra];
    return startSocket({ loop, plan, connect: { ...plan, socketOptions } });
  }

  return {
    createServer,
    connect,
    stackInfo: (choice) => stacks.choose(choice),
    counters: (choice) => stacks.loop(choice).counters(),
  };
}
