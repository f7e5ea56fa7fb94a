/** The server of all loads: counts what comes, sends it back if it is an echo. */
import type { Buffer } from "node:buffer";
import { once } from "node:events";
import { counters, createServer, type Socket } from "netsctp";
import { memoryEach, memoryNow } from "./memory.ts";
import { countIn } from "./messages.ts";
import type { Task } from "./task.ts";
import { type EndReport, type Memory, Window } from "./window.ts";

// A flood gives timers no turn for long.
const LOOK_EVERY = 64;

// A client may be far ahead of accept(). The same in baseline/baseline.h.
const BACKLOG = 4096;

export async function serve(task: Task): Promise<EndReport> {
  const isEcho = task.load === "echo" || task.load === "scale";
  const isIdle = task.load === "idle";
  let messages = 0;
  let open = 0;
  let opened = 0;
  let expected: number | undefined;
  let memory: Memory | undefined;
  const window = new Window(() => messages, counters);
  const server = createServer().listen({ port: 0, host: "127.0.0.1", backlog: BACKLOG });
  await once(server, "listening");
  const empty = isIdle ? await memoryNow() : undefined;

  function onMessage(this: Socket, message: Buffer) {
    if (messages++ === 0 && !isIdle) window.begin(task);
    if (messages % LOOK_EVERY === 0) window.look();
    if (isEcho) this.write(message);
    expected ??= countIn(message);
  }
  function onClose() {
    open--;
    if (expected !== undefined && open === 0) server.close();
  }
  server.on("connection", (socket) => {
    open++;
    opened++;
    socket.on("data", onMessage);
    socket.on("close", onClose);
    if (empty && opened === task.associations) void measureIdle();
  });
  async function measureIdle() {
    memory = memoryEach(empty!, await memoryNow(), task.associations);
    window.begin(task);
  }

  console.log(JSON.stringify({ port: server.address()!.port }));
  await once(server, "close");
  if (messages !== expected) throw new Error(`${messages} messages came in, and ${expected} were sent`);
  return { ...window.report(messages), ...(memory ? { memory } : {}) };
}
