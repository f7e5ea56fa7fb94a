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

/** The first heartbeats go out after half an RTO to one and a half, which is 3 s at first in the kernel. */
const HEARTBEAT_LIMIT_MS = 6000;
const HEARTBEAT_INTERVAL_MS = 200;
const LOOK_EVERY_MS = 50;
const CLOSE_LIMIT_MS = 3000;
const ACTIVE = 2;
const STATES = ["inactive", "potentially failed", "active", "not confirmed"];

export interface Way {
  stack: Stack;
  hosts: string[];
  port: number;
  udpPort: number | undefined;
  timeoutMs: number;
  /** Whether a path's RTO changes once a round trip has been measured. */
  rtoTells: boolean;
}

/** A path, and whether it has carried anything. */
export interface Path extends PeerInfo {
  stateName: string;
  isProven: boolean;
}

export interface Answer {
  ms: number;
  streams: { out: number; in: number };
  status: AssociationStatus;
  paths: Record<string, Path>;
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
    keepAlive: true,
    keepAliveInitialDelay: HEARTBEAT_INTERVAL_MS,
    ...(udpPort !== undefined && { udpPort }),
  });
  socket.on("notification", ({ parsed }: Notification) => {
    if (parsed.type === "adaptation") adaptation = parsed.indication;
  });
  try {
    await once(socket, "connect");
    const ms = Math.round((performance.now() - start) * 100) / 100;
    const paths = await provenPaths(socket, way.rtoTells);
    const answer = {
      ms,
      streams: { out: socket.outboundStreams, in: socket.inboundStreams },
      status: socket.status(),
      paths,
      adaptation,
    };
    return { ...answer, closed: await shutDown(socket) };
  } catch (error) {
    return { error: error as SystemError };
  } finally {
    socket.on("error", () => {}).destroy();
  }
}

/** The paths, once each has answered a heartbeat, or has had its time. */
async function provenPaths(socket: Socket, rtoTells: boolean): Promise<Answer["paths"]> {
  const atFirst = socket.peerInfoByAddress ?? {};
  const start = performance.now();
  for (;;) {
    const paths: Answer["paths"] = {};
    for (const [address, info] of Object.entries(socket.peerInfoByAddress ?? {})) {
      if (!info) continue;
      // Linux takes addresses that were given to connect() for active before anything has come from them.
      const isHeard = address === socket.remoteAddress || !rtoTells || info.srtt > 0 ||
        info.rto !== atFirst[address]?.rto;
      const isProven = info.state === ACTIVE && isHeard;
      paths[address] = { ...info, stateName: STATES[info.state] ?? "in an unknown state", isProven };
    }
    const isOver = performance.now() - start > HEARTBEAT_LIMIT_MS || socket.destroyed;
    if (isOver || Object.values(paths).every(({ isProven }) => isProven)) return paths;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

function shutDown(socket: Socket): Promise<boolean> {
  const closed = once(socket, "close", { signal: AbortSignal.timeout(CLOSE_LIMIT_MS) });
  socket.resume();
  socket.end();
  return closed.then(() => true, () => false);
}
