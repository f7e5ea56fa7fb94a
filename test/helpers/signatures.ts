/** Whether packets are signed as RFC 4895 has it, by its text alone: no stack says so. */
import { Buffer } from "node:buffer";
import { createHmac } from "node:crypto";
import { partsOf } from "./raw_peer.ts";
import { CHUNK, type Chunk, type Relay } from "./relay.ts";

const CHUNK_HEADER = 4, INIT_FIXED = CHUNK_HEADER + 16, HMAC_AT = 8;
/** RANDOM, CHUNKS and HMAC-ALGO, section 3. */
const IN_VECTOR = [0x8002, 0x8003, 0x8004];
const HMACS: Readonly<Record<number, { name: string; length: number }>> = {
  1: { name: "sha1", length: 20 },
  3: { name: "sha256", length: 32 },
};

/** What of an INIT or INIT ACK goes into the key (section 6.1): those parameters with their heads, in this order. */
function keyVector({ bytes }: Chunk): Buffer {
  const parameters = [...partsOf(bytes, INIT_FIXED)].map(([at, length]) => bytes.subarray(at, at + length));
  return Buffer.concat(
    IN_VECTOR.flatMap((type) => parameters.filter((one) => one.readUInt16BE(0) === type)),
  );
}

/** As the numbers that they are: the shorter of two that are equal comes first. */
function compare(a: Buffer, b: Buffer): number {
  const length = Math.max(a.length, b.length);
  const [left, right] = [a, b].map((one) => Buffer.concat([Buffer.alloc(length - one.length), one]));
  return Buffer.compare(left!, right!) || a.length - b.length;
}

export interface Signature {
  /** The number of the key. */
  key: number;
  hmac: string;
  /** Whether it is of all that follows it in the packet. */
  isRight: boolean;
}

/** What tells of a chunk how it is signed, if it is: by the keys that both ends have. */
export function signatures(
  relay: Relay,
  keys: Record<number, Uint8Array>,
): (chunk: Chunk) => Signature | undefined {
  const [init] = relay.chunks("client", CHUNK.INIT), [initAck] = relay.chunks("server", CHUNK.INIT_ACK);
  const vectors = [keyVector(init!), keyVector(initAck!)].sort(compare);
  return ({ packet, bytes }) => {
    const auth = packet.chunks.find(({ type }) => type === CHUNK.AUTH)?.bytes;
    if (auth === undefined || auth.byteOffset > bytes.byteOffset) return undefined;
    const [key, hmac] = [auth.readUInt16BE(4), HMACS[auth.readUInt16BE(6)]!];
    const signed = Buffer.from(packet.bytes.subarray(auth.byteOffset - packet.bytes.byteOffset));
    signed.fill(0, HMAC_AT, HMAC_AT + hmac.length);
    const secret = Buffer.concat([keys[key] ?? Buffer.alloc(0), ...vectors]);
    const expected = createHmac(hmac.name, secret).update(signed).digest();
    return { key, hmac: hmac.name, isRight: expected.equals(auth.subarray(HMAC_AT)) };
  };
}
