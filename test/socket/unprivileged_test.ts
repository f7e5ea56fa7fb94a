/** What a process without privileges can send: the whole test process gives its own up first. */
import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import process from "node:process";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { skip, stack } from "../helpers/capabilities.ts";
import { message, payload, receive } from "../helpers/messages.ts";
import { connectedPair } from "../helpers/pair.ts";

const NOBODY = 65534;

if (process.getuid!() === 0) {
  await connectedPair().then(({ close }) => close()); // loads what only root may be able to read
  process.setgid!(NOBODY);
  process.setuid!(NOBODY);
}

test("messages up to what the default buffers hold go both ways", async () => {
  assert.is.not(process.getuid!(), 0);
  const { client, peer, close } = await connectedPair();
  const sizes = [1, 1000, 65_536, 100_000];
  const ends = [client, peer].map(async (socket) => {
    const received = receive(socket, sizes.length);
    for (const size of sizes) socket.write(message(payload(size), 1, size));
    for (const got of await received) assert.ok(got.equals(payload(got.ppid)));
  });
  await Promise.all(ends);
  await close();
});

test("buffers beyond the system's limits: it is no error, the kernel's stack gives as much as it may", async () => {
  const asked = 64 * 1024 * 1024;
  const { client, close } = await connectedPair({ client: { sendBufferSize: asked, recvBufferSize: asked } });
  const given = stack === "userspace" ? asked : Number(readFileSync("/proc/sys/net/core/rmem_max", "utf8"));
  assert.is(client.status().rwnd, given);
  await close();
});

if (stack === "userspace") {
  skip("a message above net.core.wmem_max", "the userspace stack's buffers are this process's own memory");
} else {
  test("a message above net.core.wmem_max fails with EMSGSIZE that names the sysctl, both sizes and what to do", async () => {
    const { client, close } = await connectedPair();
    const limit = 2 * Number(readFileSync("/proc/sys/net/core/wmem_max", "utf8")); // the kernel grants twice of it
    const size = limit + 1;
    const error = await new Promise<NodeJS.ErrnoException>((resolve) => {
      client.on("error", resolve);
      client.write(Buffer.alloc(size));
    });
    assert.is(error.code, "EMSGSIZE");
    assert.match(error.message, new RegExp(`${size} bytes .* ${limit} bytes: .*net\\.core\\.wmem_max`));
    await close();
  });
}

test.run();
