/** Sends as fast as the stack takes it. */
import { Buffer } from "node:buffer";
import { once } from "node:events";
import { counters } from "netsctp";
import { setUp } from "./associations.ts";
import { AT_ONCE, room } from "./room.ts";
import { lastMessage } from "./messages.ts";
import type { Task } from "./task.ts";
import { type EndReport, Window } from "./window.ts";

export async function flood(task: Task): Promise<EndReport> {
  const [socket] = await setUp(task);
  const window = new Window(() => counters().messagesOut, counters);
  const plain = Buffer.alloc(task.size);
  let sent = 0;
  window.begin(task);
  while (!window.isOver) {
    await room(socket!);
    do sent++; while (socket!.write(plain) && sent % AT_ONCE !== 0);
  }
  socket!.end(lastMessage(task.size, ++sent));
  socket!.resume();
  await once(socket!, "close");
  return window.report(sent);
}
