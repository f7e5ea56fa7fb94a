/** Many associations, set up and torn down a few at a time. */
import { once } from "node:events";
import { connect, type Socket } from "netsctp";
import type { Task } from "./task.ts";

const AT_ONCE = 100;

async function fewAtOnce(count: number, one: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) await one(next++);
  };
  await Promise.all(Array.from({ length: Math.min(count, AT_ONCE) }, worker));
}

/** @param prepare gives each its listeners, before anything can arrive */
export async function setUp(task: Task, prepare = (_: Socket) => {}): Promise<Socket[]> {
  const sockets: Socket[] = [];
  await fewAtOnce(task.associations, async () => {
    const socket = connect(task.port, "127.0.0.1");
    prepare(socket);
    await once(socket, "connect");
    sockets.push(socket);
  });
  return sockets;
}

export async function tearDown(sockets: Socket[]): Promise<void> {
  await fewAtOnce(sockets.length, async (index) => {
    const socket = sockets[index]!.resume().end();
    await once(socket, "close");
  });
}
