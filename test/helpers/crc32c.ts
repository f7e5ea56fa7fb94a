/** SCTP's checksum (RFC 9260 appendix A), for packets that a test has put together or altered. */
import type { Buffer } from "node:buffer";

const POLYNOMIAL = 0x82f63b78;

const TABLE = Uint32Array.from({ length: 256 }, (_, value) => {
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? value >>> 1 ^ POLYNOMIAL : value >>> 1;
  return value;
});

export function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = TABLE[(crc ^ byte) & 0xff]! ^ crc >>> 8;
  return ~crc >>> 0;
}

/** Writes the checksum of a whole packet. */
export function sign(packet: Buffer): void {
  packet.writeUInt32LE(0, 8);
  packet.writeUInt32LE(crc32c(packet), 8);
}
