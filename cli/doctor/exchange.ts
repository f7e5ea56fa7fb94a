/** What both ends of an association on loopback do to each other, step by step. */
import { Buffer } from "node:buffer";
import { once } from "node:events";
import {
  connect,
  type ConnectOptions,
  createServer,
  type Message,
  type Server,
  type Socket,
  type Stack,
} from "../../mod.ts";

type Outgoing = Buffer & { sid: number; ppid: number };

export interface Place {
  stack: Stack;
  host: string;
  /** The userspace stack's own port; one for the whole process. */
  udpPort: number | undefined;
  signal: AbortSignal;
}

export interface Ends {
  server: Server;
  client: Socket;
  peer: Socket;
}

/** Runs a body beside a server, which is gone afterwards. */
async function besideServer<T>(place: Place, body: (server: Server) => Promise<T>): Promise<T> {
  const server = createServer({ stack: place.stack });
  const { host, udpPort, signal } = place;
  try {
    server.listen({ port: 0, host, ...(udpPort ? { udpPort } : {}) });
    await once(server, "listening", { signal });
    return await body(server);
  } finally {
    if (server.listening) server.close();
  }
}

/** Runs a body with both ends of an association, which is gone afterwards. */
export function withAssociation<T>(
  place: Place,
  options: Partial<ConnectOptions>,
  body: (ends: Ends) => Promise<T>,
): Promise<T> {
  return besideServer(place, async (server) => {
    const { stack, host, udpPort, signal } = place;
    const accepted = once(server, "connection", { signal });
    const port = server.address()!.port;
    const client = connect({ stack, host, port, ...(udpPort ? { udpPort } : {}), ...options });
    let peer: Socket | undefined;
    try {
      const connected = once(client, "connect", { signal });
      await connected.catch((error) => {
        accepted.catch(() => {});
        throw error;
      });
      [peer] = await accepted as [Socket];
      return await body({ server, client, peer });
    } finally {
      for (const socket of [client, peer]) socket?.on("error", () => {}).destroy();
    }
  });
}

/** Sends a message and waits until the other end has it, whole and with its stream and identifier. */
export async function deliver(
  from: Socket,
  to: Socket,
  message: Outgoing,
  signal: AbortSignal,
): Promise<void> {
  const arrived = once(to, "data", { signal });
  from.write(message);
  const [got] = await arrived as [Message];
  if (!got.equals(message)) throw new Error(`${message.length} bytes were sent, ${got.length} others came`);
  if (got.sid !== message.sid || got.ppid !== message.ppid) {
    throw new Error(
      `sent on stream ${message.sid} with identifier ${message.ppid}, came on ${got.sid} with ${got.ppid}`,
    );
  }
}

export function messageOf(length: number, sid: number, ppid: number): Outgoing {
  const bytes = Buffer.alloc(length);
  for (let i = 0; i < length; i++) bytes[i] = i * 31 + sid;
  return Object.assign(bytes, { sid, ppid });
}
