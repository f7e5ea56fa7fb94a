/** What lies between two ends of SCTP over UDP, each with one or more addresses: a test reads what goes through, and has
 * packets lost. */
import type { Buffer } from "node:buffer";
import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { once } from "node:events";
import { partsOf } from "./raw_peer.ts";

export type End = "client" | "server";

export interface Packet {
  from: End;
  /** The address of the client's that it comes from, or goes to; and the server's. */
  clientAddress: string;
  serverAddress: string;
  bytes: Buffer;
  chunks: Chunk[];
}

export interface Chunk {
  type: number;
  flags: number;
  /** All of it, with its head. */
  bytes: Buffer;
  packet: Packet;
}

/** Types of chunks: RFC 9260 section 3.2, RFC 3758, RFC 4895, RFC 5061 and RFC 4820. */
export const CHUNK = {
  DATA: 0,
  INIT: 1,
  INIT_ACK: 2,
  SACK: 3,
  HEARTBEAT: 4,
  HEARTBEAT_ACK: 5,
  ABORT: 6,
  COOKIE_ECHO: 10,
  AUTH: 15,
  ASCONF_ACK: 0x80,
  PAD: 0x84,
  FORWARD_TSN: 0xc0,
  ASCONF: 0xc1,
} as const;

/** Of a DATA chunk. */
export const ppidOf = ({ bytes }: Chunk) => bytes.readUInt32BE(12);

type Filter = (chunk: Chunk) => boolean;

const COMMON_HEADER = 12;

/** A UDP socket on each address, all with one port that is free. */
async function bound(addresses: readonly string[]): Promise<UdpSocket[]> {
  const sockets: UdpSocket[] = [];
  let port = 0;
  for (const address of addresses) {
    const socket = createSocket("udp4").bind(port, address);
    await once(socket, "listening");
    ({ port } = socket.address());
    sockets.push(socket);
  }
  return sockets;
}

export class Relay {
  readonly #near: UdpSocket[];
  readonly #far: UdpSocket[];
  readonly #waiting = new Set<() => void>();
  /** All that came, also what was lost. */
  readonly packets: Packet[] = [];
  /** Whether a packet goes no further. */
  loses: (packet: Packet) => boolean = () => false;

  /** @param toPort the server's UDP port */
  static async open(clients: readonly string[], servers: readonly string[], toPort: number): Promise<Relay> {
    return new Relay(clients, servers, toPort, await bound(servers), await bound(clients));
  }

  private constructor(
    clients: readonly string[],
    servers: readonly string[],
    toPort: number,
    near: UdpSocket[],
    far: UdpSocket[],
  ) {
    this.#near = near;
    this.#far = far;
    let clientPort = 0;
    // Each end has to see a packet come from the address that it was sent from.
    for (const [i, socket] of near.entries()) {
      socket.on("message", (bytes, { address, port }) => {
        clientPort = port;
        const by = far[clients.indexOf(address)]!;
        if (this.#passes("client", address, servers[i]!, bytes)) by.send(bytes, toPort, servers[i]);
      });
    }
    for (const [i, socket] of far.entries()) {
      socket.on("message", (bytes, { address }) => {
        const by = near[servers.indexOf(address)]!;
        if (this.#passes("server", clients[i]!, address, bytes)) by.send(bytes, clientPort, clients[i]);
      });
    }
  }

  /** What the client connects to as `udpPort`. */
  get port(): number {
    return this.#near[0]!.address().port;
  }

  #passes(from: End, clientAddress: string, serverAddress: string, bytes: Buffer): boolean {
    const packet: Packet = { from, clientAddress, serverAddress, bytes, chunks: [] };
    for (const [at, length] of partsOf(bytes, COMMON_HEADER)) {
      packet.chunks.push({
        type: bytes[at]!,
        flags: bytes[at + 1]!,
        bytes: bytes.subarray(at, at + length),
        packet,
      });
    }
    this.packets.push(packet);
    const isLost = this.loses(packet);
    for (const look of this.#waiting) look();
    return !isLost;
  }

  /** The chunks of one end that came so far. */
  chunks(from: End, type: number, filter: Filter = () => true): Chunk[] {
    return this.packets.filter((packet) => packet.from === from).flatMap(({ chunks }) => chunks)
      .filter((chunk) => chunk.type === type && filter(chunk));
  }

  /** Waits until so many of them have come. */
  async until(from: End, type: number, filter?: Filter, count = 1): Promise<Chunk[]> {
    for (;;) {
      const found = this.chunks(from, type, filter);
      if (found.length >= count) return found;
      await new Promise<void>((resolve) => {
        const look = () => {
          this.#waiting.delete(look);
          resolve();
        };
        this.#waiting.add(look);
      });
    }
  }

  close(): void {
    for (const socket of [...this.#near, ...this.#far]) socket.close();
  }
}
