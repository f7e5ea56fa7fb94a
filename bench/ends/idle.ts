/** Does nothing at all with many associations. */
import { counters } from "netsctp";
import { setUp, tearDown } from "./associations.ts";
import { memoryEach, memoryNow } from "./memory.ts";
import { lastMessage } from "./messages.ts";
import type { Task } from "./task.ts";
import { type EndReport, Window } from "./window.ts";

const ignore = () => {};

export async function idle(task: Task): Promise<EndReport> {
  counters(); // loads the library, which is not an association's
  const before = await memoryNow();
  const sockets = await setUp(task, (socket) => socket.on("data", ignore));
  const memory = memoryEach(before, await memoryNow(), task.associations);
  const window = new Window(() => 0, counters);
  await new Promise<void>((resolve) => window.begin(task, resolve));
  sockets[0]!.write(lastMessage(task.size, 1));
  const report = window.report(1);
  await tearDown(sockets);
  return { ...report, memory };
}
