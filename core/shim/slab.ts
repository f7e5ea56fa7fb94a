/** Memory that records are read from and written to. */
import { Buffer } from "node:buffer";

/** Memory for records, with views of each field width. */
export class Slab {
  readonly size: number;
  readonly memory: ArrayBuffer;
  readonly bytes: Buffer;
  readonly u16: Uint16Array;
  readonly u32: Uint32Array;
  readonly i32: Int32Array;

  constructor(size: number) {
    const memory = new ArrayBuffer(size);
    this.size = size; // on Node 20 the length of a Buffer is slow to read
    this.memory = memory;
    this.bytes = Buffer.from(memory);
    this.u16 = new Uint16Array(memory);
    this.u32 = new Uint32Array(memory);
    this.i32 = new Int32Array(memory);
  }
}
