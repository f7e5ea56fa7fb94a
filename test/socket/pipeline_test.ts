/** stream.pipeline of a large file: all of it arrives, and memory stays flat. */
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { Readable, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { Memory } from "../helpers/memory.ts";
import { payload } from "../helpers/messages.ts";
import { closed, connectedPair } from "../helpers/pair.ts";

const MIB = 1024 * 1024;
const SIZE = 200 * MIB;

const directory = mkdtempSync(join(tmpdir(), "netsctp-pipeline-"));
process.on("exit", () => rmSync(directory, { recursive: true, force: true }));

/** Random enough, and no two MiB of it alike. */
function* content(): Generator<Buffer> {
  const block = payload(MIB);
  for (let i = 0; i < SIZE / MIB; i++) {
    block.writeUInt32BE(i);
    yield Buffer.from(block);
  }
}

/** Takes bytes, notes their sum. */
function summing(onBytes: (count: number) => void) {
  const hash = createHash("sha1");
  const sink = new Writable({
    write(chunk: Buffer, _encoding, callback) {
      hash.update(chunk);
      onBytes(chunk.length);
      callback();
    },
  });
  return { sink, sum: () => hash.digest("hex") };
}

test("200 MB from a file through a pipeline: the checksum is right, memory is flat", async () => {
  const file = join(directory, "large");
  await pipeline(Readable.from(content()), createWriteStream(file));
  const expected = summing(() => {});
  await pipeline(createReadStream(file), expected.sink);

  const { server, client, peer } = await connectedPair();
  const memory = new Memory();
  let count = 0;
  const received = summing((bytes) => {
    count += bytes;
    memory.look();
  });
  await Promise.all([
    pipeline(createReadStream(file), client),
    pipeline(peer, received.sink),
  ]);
  assert.is(count, SIZE);
  assert.is(received.sum(), expected.sum());
  assert.is(memory.problem, undefined);
  await closed(server);
});

test.run();
