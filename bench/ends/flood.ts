/** Sends as fast as the stack takes it. */
import { Buffer } from "node:buffer";
import { once } from "node:events";
import { counters } from "netsctp";
import { setUp } from "./associations.ts";
import { lastMessage } from "./messages.ts";
import { pump } from "./pump.ts";
import type { Task } from "./task.ts";
import { type EndReport, Window } from "./window.ts";

export async function flood(task: Task): Promise<EndReport> {
  const [socket] = await setUp(task);
  const window = new Window(() => counters().messagesOut, counters);
  const plain = Buffer.alloc(task.size);
  let sent = 0;
  window.begin(task);
  await pump(socket!, () => window.isOver, () => {
    sent++;
    return socket!.write(plain);
  });
  socket!.end(lastMessage(task.size, ++sent));
  socket!.resume();
  await once(socket!, "close");
  return window.report(sent);
}
