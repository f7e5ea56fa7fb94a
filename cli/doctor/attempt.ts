/** One association with the peer: set up, looked at, shut down. Nothing is sent on it. */
import { once } from "node:events";
import {
  type AssociationStatus,
  connect,
  type Notification,
  type PeerInfo,
  type Socket,
  type Stack,
  type SystemError,
} from "../../mod.ts";

/** Linux sends the first heartbeats after half an RTO to one and a half, which is 3 s at first. */
const CONFIRMATION_LIMIT_MS = 5000;
const CLOSE_LIMIT_MS = 3000;
const UNCONFIRMED = 3;
const STATES = ["inactive", "potentially failed", "active", "not confirmed"];

export interface Way {
  stack: Stack;
  hosts: string[];
  port: number;
  udpPort: number | undefined;
  timeoutMs: number;
}

export interface Answer {
  ms: number;
  streams: { out: number; in: number };
  status: AssociationStatus;
  paths: Record<string, PeerInfo & { stateName: string }>;
  adaptation: number | undefined;
  /** Whether the peer answered our SHUTDOWN. */
  closed: boolean;
}

export async function attempt(way: Way): Promise<Answer | { error: SystemError }> {
  const { stack, hosts, port, udpPort, timeoutMs } = way;
  const start = performance.now();
  let adaptation: number | undefined;
  const socket = connect({
    stack,
    port,
    remoteAddresses: hosts,
    connectTimeout: timeoutMs,
    ...(udpPort !== undefined && { udpPort }),
  });
  socket.on("notification", ({ parsed }: Notification) => {
    if (parsed.type === "adaptation") adaptation = parsed.indication;
  });
  try {
    await once(socket, "connect");
    const ms = Math.round((performance.now() - start) * 100) / 100;
    await confirmed(socket);
    const answer = {
      ms,
      streams: { out: socket.outboundStreams, in: socket.inboundStreams },
      status: socket.status(),
      paths: pathsOf(socket),
      adaptation,
    };
    return { ...answer, closed: await shutDown(socket) };
  } catch (error) {
    return { error: error as SystemError };
  } finally {
    socket.on("error", () => {}).destroy();
  }
}

function pathsOf(socket: Socket): Answer["paths"] {
  const paths: Answer["paths"] = {};
  for (const [address, info] of Object.entries(socket.peerInfoByAddress ?? {})) {
    if (info) paths[address] = { ...info, stateName: STATES[info.state] ?? "in an unknown state" };
  }
  return paths;
}

/** Waits until the first heartbeat of each path has been answered, or has had its time. */
async function confirmed(socket: Socket): Promise<void> {
  const signal = AbortSignal.timeout(CONFIRMATION_LIMIT_MS);
  const waits = () => Object.values(pathsOf(socket)).some(({ state }) => state === UNCONFIRMED);
  while (waits() && !signal.aborted) await once(socket, "notification", { signal }).catch(() => {});
}

function shutDown(socket: Socket): Promise<boolean> {
  const closed = once(socket, "close", { signal: AbortSignal.timeout(CLOSE_LIMIT_MS) });
  socket.resume();
  socket.end();
  return closed.then(() => true, () => false);
}
