/** What a socket tells of its life, for tests that compare the whole of it. */
import type { Socket } from "netsctp";

export interface Life {
  messages: { length: number; sid: number; ppid: number }[];
  bytes: number;
  /** "end", the code of an error, "close", in their order. */
  events: string[];
  closed: Promise<void>;
}

/** Reads a socket to its end and notes what happens to it. */
export function watch(socket: Socket): Life {
  const life: Omit<Life, "closed"> = { messages: [], bytes: 0, events: [] };
  const closed = new Promise<void>((resolve) => {
    socket.on("data", ({ length, sid, ppid }) => {
      life.messages.push({ length, sid, ppid });
      life.bytes += length;
    });
    socket.on("end", () => life.events.push("end"));
    socket.on("error", (error: NodeJS.ErrnoException) => life.events.push(error.code ?? error.message));
    socket.on("close", () => {
      life.events.push("close");
      resolve();
    });
  });
  return Object.assign(life, { closed });
}
