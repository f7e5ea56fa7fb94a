/** A peer without a stack, over UDP: it sends what a test puts together, and looks at what comes back. */
import { Buffer } from "node:buffer";
import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { sign } from "./crc32c.ts";

export const DATA = 0, ABORT = 6;
const INIT = 1, INIT_ACK = 2, COOKIE_ECHO = 10, COOKIE_ACK = 11;
const WHOLE = 3;
const HEADER = 12;
const STATE_COOKIE = 7;

export interface Chunk {
  type: number;
  body: Buffer;
  /** Of its packet: which of this peer's associations it is for. */
  tag: number;
}

/** A UDP socket on 127.0.0.1 at any port. */
export async function boundUdpSocket(): Promise<UdpSocket> {
  const socket = createSocket("udp4");
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", () => resolve()));
  return socket;
}

/** Where each chunk of a packet, or each parameter of a chunk, begins, and how long it is without its padding. */
export function* partsOf(bytes: Buffer, from: number): Iterable<[at: number, length: number]> {
  for (let at = from, length = 0; at + 4 <= bytes.length; at += Math.max(4, (length + 3) & ~3)) {
    yield [at, length = bytes.readUInt16BE(at + 2)];
  }
}

export class RawPeer {
  readonly #socket: UdpSocket;
  readonly #udpPort: number;
  readonly #ports: Buffer;
  readonly #arrived: Chunk[] = [];
  #look = () => {};
  #tsn = 0;
  /** The tag that the other end wants of this peer's packets. */
  #theirTag = 0;

  /** @param port the SCTP port of a server on 127.0.0.1, in UDP port `udpPort` */
  static async open(port: number, udpPort: number): Promise<RawPeer> {
    return new RawPeer(await boundUdpSocket(), port, udpPort);
  }

  private constructor(socket: UdpSocket, port: number, udpPort: number) {
    this.#socket = socket;
    this.#udpPort = udpPort;
    this.#ports = Buffer.alloc(4);
    this.#ports.writeUInt16BE(20_000, 0);
    this.#ports.writeUInt16BE(port, 2);
    socket.on("message", (packet) => {
      for (const [at, length] of partsOf(packet, HEADER)) {
        const body = packet.subarray(at + 4, at + length);
        this.#arrived.push({ type: packet[at]!, body, tag: packet.readUInt32BE(4) });
      }
      this.#look();
    });
  }

  /** The next chunk of a type; what comes before it is dropped. */
  async next(type: number): Promise<Chunk> {
    for (;;) {
      for (let chunk; (chunk = this.#arrived.shift());) if (chunk.type === type) return chunk;
      await new Promise<void>((resolve) => this.#look = resolve);
    }
  }

  send(type: number, flags: number, ...parts: (Buffer | Uint32Array)[]): void {
    const body = Buffer.concat(parts.map((part) => part instanceof Uint32Array ? bigEndian(part) : part));
    const packet = Buffer.alloc(HEADER + 4 + ((body.length + 3) & ~3));
    this.#ports.copy(packet);
    packet.writeUInt32BE(type === INIT ? 0 : this.#theirTag, 4);
    packet.set([type, flags], HEADER);
    packet.writeUInt16BE(body.length + 4, HEADER + 2);
    body.copy(packet, HEADER + 4);
    sign(packet);
    this.#socket.send(packet, this.#udpPort, "127.0.0.1");
  }

  /** Makes an association in which this peer has that tag; one more is a restart. */
  async connect(tag: number): Promise<void> {
    this.#tsn = tag;
    this.send(INIT, 0, Uint32Array.of(tag, 1 << 17, 10 << 16 | 10, tag));
    const { body } = await this.next(INIT_ACK);
    this.#theirTag = body.readUInt32BE(0);
    for (const [at, length] of partsOf(body, 16)) {
      if (body.readUInt16BE(at) === STATE_COOKIE) {
        this.send(COOKIE_ECHO, 0, body.subarray(at + 4, at + length));
      }
    }
    await this.next(COOKIE_ACK);
  }

  /** The next message, whole and unordered, on stream 0. */
  say(text: string): void {
    this.send(DATA, WHOLE | 4, Uint32Array.of(this.#tsn++, 0, 0), Buffer.from(text));
  }

  close(): void {
    this.#socket.close();
  }
}

function bigEndian(words: Uint32Array): Buffer {
  const bytes = Buffer.alloc(words.length * 4);
  words.forEach((word, i) => bytes.writeUInt32BE(word, i * 4));
  return bytes;
}
