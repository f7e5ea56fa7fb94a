/** A server and a connected pair of sockets, each closed by `close()`. */
import { once } from "node:events";
import {
  connect,
  type ConnectOptions,
  createServer,
  type Server,
  type ServerOptions,
  type Socket,
} from "netsctp";

export interface Pair {
  server: Server;
  /** The end that connected. */
  client: Socket;
  /** The end that was accepted. */
  peer: Socket;
  close(): Promise<void>;
}

export const LOOPBACKS = ["127.0.0.1", "::1"] as const;

/** A listening server on loopback. */
export async function listening(options: ServerOptions = {}, host = "127.0.0.1"): Promise<Server> {
  const server = createServer(options);
  server.listen({ port: 0, host });
  await once(server, "listening");
  return server;
}

/** Where a listening server can be reached. */
export function endpointOf(server: Server): { host: string; port: number } {
  const { address, port } = server.address()!;
  return { host: address, port };
}

export interface PairOptions {
  host?: string;
  server?: ServerOptions;
  client?: Partial<ConnectOptions>;
}

export async function connectedPair(
  { host, server: serverOptions, client: clientOptions }: PairOptions = {},
) {
  const server = await listening(serverOptions, host);
  const client = connect({ ...endpointOf(server), ...clientOptions });
  const [[peer]] = await Promise.all([once(server, "connection"), once(client, "connect")]);
  const pair: Pair = {
    server,
    client,
    peer: peer as Socket,
    async close() {
      for (const socket of [client, pair.peer]) socket.on("error", () => {}).destroy();
      await closed(server);
    },
  };
  return pair;
}

/** Closes a server and waits until it, and all of its connections, are. */
export function closed(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
