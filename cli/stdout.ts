/**
 * Standard output. Deno's process.stdout stands still until somebody has read what is written to a pipe, and with it
 * stand all associations; so there Deno's own serves, which waits elsewhere.
 */
import { Buffer } from "node:buffer";
import process from "node:process";
import { Writable } from "node:stream";

interface DenoOutput {
  /** Resolves to how many bytes have been written: at least one. */
  write(bytes: Uint8Array): Promise<number>;
}

const { Deno: deno } = globalThis as { Deno?: { stdout: DenoOutput } };

async function writeAll(output: DenoOutput, bytes: Uint8Array): Promise<void> {
  for (let rest = bytes; rest.length > 0;) rest = rest.subarray(await output.write(rest));
}

const wrapped = (output: DenoOutput) =>
  new Writable({
    write: (chunk: Buffer, _encoding, callback) =>
      void writeAll(output, chunk).then(() => callback(), callback),
    writev(chunks, callback) {
      const all = Buffer.concat(chunks.map(({ chunk }) => chunk));
      void writeAll(output, all).then(() => callback(), callback);
    },
  });

export const stdout: Writable = deno ? wrapped(deno.stdout) : process.stdout;
