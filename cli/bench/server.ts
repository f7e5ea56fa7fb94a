/** The end of `bench` that waits, and does what clients ask of it. */
import { once } from "node:events";
import type { Socket } from "../../mod.ts";
import { EXIT } from "../exit_codes.ts";
import type { CommonOptions, StackOptions } from "../command.ts";
import type { Output } from "../output.ts";
import { serve } from "../serve.ts";
import { onceAborted, stopSignal } from "../stop.ts";
import { hostPort, type Target } from "../target.ts";
import { End } from "./end.ts";
import { watchIntervals } from "./intervals.ts";
import { type Control, MOST_SIZE, MOST_STREAMS, problemWith, sendControl, type Task } from "./protocol.ts";
import { formatResult, resultOf } from "./result.ts";

/** Until stopped, which is success then. */
export async function runServer(
  local: Target,
  options: StackOptions & CommonOptions,
  output: Output,
): Promise<number> {
  const association = { OS: MOST_STREAMS, MIS: MOST_STREAMS, maxMessageSize: MOST_SIZE };
  const server = await serve(local, options, output, association, (socket) => serveOne(socket, output));
  await once(server, "close");
  return EXIT.ok;
}

function serveOne(socket: Socket, output: Output): void {
  const who = hostPort(socket.remoteAddress!, socket.remotePort!);
  let task: Task | undefined;
  let isBegun = false;
  const end = new End(socket, ({ hello, start }: Control) => {
    if (hello) {
      const problem = task
        ? "this association already has a task; open another one"
        : problemWith(hello, socket);
      if (problem) return sendControl(socket, { refused: problem });
      task = hello;
      sendControl(socket, { ready: true });
    }
    if (start && task && !isBegun) {
      isBegun = true;
      begin(end, task, who, output);
    }
  });
  socket.on("error", (error) => output.problem(`${who}: ${error.message}`));
  socket.on("close", onceAborted(stopSignal(), () => socket.destroy()));
}

function begin(end: End, task: Task, who: string, output: Output): void {
  const { direction } = task;
  if (direction !== "down") {
    const tellRest = watchIntervals(
      end.received,
      task.intervalMs,
      (interval) => sendControl(end.socket, { interval }),
    );
    end.socket.once("close", tellRest);
    end.receiveAll(task).then((report) => {
      tellRest();
      sendControl(end.socket, { report });
      const result = resultOf("up", 1, [report]);
      output.emit({ event: "received", from: who, ...result });
      output.note(`${who}: ${formatResult(result)}`);
    });
  }
  if (direction !== "up") end.sendAll(task);
}
