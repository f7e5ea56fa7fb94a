/** Connects, sends one message and closes, some at a time. */
import { Buffer } from "node:buffer";
import { once } from "node:events";
import { connect, counters } from "netsctp";
import { lastMessage } from "./messages.ts";
import type { Task } from "./task.ts";
import { type EndReport, Window } from "./window.ts";

export async function cycle(task: Task): Promise<EndReport> {
  const plain = Buffer.alloc(task.size);
  let cycles = 0;
  const window = new Window(() => cycles, counters);

  async function one(message: Buffer) {
    const socket = connect(task.port, "127.0.0.1");
    socket.end(message);
    socket.resume();
    await once(socket, "close");
    cycles++;
  }
  async function keepCycling() {
    while (!window.isOver) await one(plain);
  }

  window.begin(task);
  await Promise.all(Array.from({ length: task.outstanding }, keepCycling));
  await one(lastMessage(task.size, cycles + 1));
  return window.report(cycles);
}
