/** Sends as fast as the stack takes it. */
import { Buffer } from "node:buffer";
import { once } from "node:events";
import { counters, PPID, type SendOptions } from "netsctp";
import { setUp } from "./associations.ts";
import { lastMessage } from "./messages.ts";
import { pump } from "./pump.ts";
import type { Task } from "./task.ts";
import { type EndReport, Window } from "./window.ts";

/** What a message of an application may be sent with, all at once. */
const OPTIONS: SendOptions = { stream: 3, ppid: PPID.M3UA, context: 7, timeToLive: 60_000 };

export async function flood(task: Task): Promise<EndReport> {
  const [socket] = await setUp(task);
  const window = new Window(() => counters().messagesOut, counters);
  const plain = Buffer.alloc(task.size);
  const write = task.load === "options" ? () => socket!.send(plain, OPTIONS) : () => socket!.write(plain);
  let sent = 0;
  window.begin(task);
  await pump(socket!, () => window.isOver, () => {
    sent++;
    return write();
  });
  socket!.end(lastMessage(task.size, ++sent));
  socket!.resume();
  await once(socket!, "close");
  return window.report(sent);
}
