/** A peer without a stack, over UDP: it sends what a test puts together, and looks at what comes back. */
import { Buffer } from "node:buffer";
import { createSocket, type Socket as UdpSocket } from "node:dgram";
import { sign } from "./crc32c.ts";

export const DATA = 0, INIT = 1, ABORT = 6, ERROR = 9;
const INIT_ACK = 2, SACK = 3, HEARTBEAT = 4, HEARTBEAT_ACK = 5, COOKIE_ECHO = 10, COOKIE_ACK = 11;
/** Flags of DATA: the first fragment of a message, and one that is all of it. */
export const FIRST = 2;
const WHOLE = 3;
const WINDOW = 1 << 17;
const HEADER = 12;
const STATE_COOKIE = 7;

export interface Chunk {
  type: number;
  flags: number;
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

/** The parameters of an INIT or INIT ACK, by their types. */
export function parametersOf(body: Buffer): Map<number, Buffer> {
  const parts = [...partsOf(body, 16)];
  return new Map(parts.map(([at, length]) => [body.readUInt16BE(at), body.subarray(at + 4, at + length)]));
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
  /** It lives, as far as the other end can see, and acknowledges nothing. */
  answersHeartbeats = false;

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
        if (packet[at] === HEARTBEAT && this.answersHeartbeats) this.send(HEARTBEAT_ACK, 0, body);
        this.#arrived.push({ type: packet[at]!, flags: packet[at + 1]!, body, tag: packet.readUInt32BE(4) });
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

  /** Asks for an association in which this peer has that tag, and returns the cookie to echo. */
  async cookie(tag: number, { outbound = 10, inbound = 10 } = {}): Promise<Buffer> {
    this.#tsn = tag;
    this.send(INIT, 0, Uint32Array.of(tag, WINDOW, outbound << 16 | inbound, tag));
    const { body } = await this.next(INIT_ACK);
    this.#theirTag = body.readUInt32BE(0);
    return parametersOf(body).get(STATE_COOKIE)!;
  }

  echo(cookie: Buffer): void {
    this.send(COOKIE_ECHO, 0, cookie);
  }

  /** Makes an association in which this peer has that tag, and asks for streams; one more is a restart. */
  async connect(tag: number, streams: { outbound?: number; inbound?: number } = {}): Promise<void> {
    this.echo(await this.cookie(tag, streams));
    await this.next(COOKIE_ACK);
  }

  /** The next message, whole and unordered, on stream 0; or a fragment of one. */
  say(text: string, fragment = WHOLE): void {
    this.send(DATA, fragment | 4, Uint32Array.of(this.#tsn++, 0, 0), Buffer.from(text));
  }

  /** Acknowledges all up to a TSN, and those of a block that begins and ends so far behind it. */
  acknowledge(tsn: number, ...blocks: [first: number, last: number][]): void {
    const gaps = blocks.map(([first, last]) => (first << 16 | last) >>> 0);
    this.send(SACK, 0, Uint32Array.of(tsn, WINDOW, blocks.length << 16, ...gaps));
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
