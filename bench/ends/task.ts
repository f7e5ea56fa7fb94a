/** What an end is told to do: the same arguments as baseline/main.c takes. */
import type { Timing } from "./window.ts";

export interface Task extends Timing {
  role: "server" | "client";
  load: "flood" | "options" | "echo" | "scale" | "cycle" | "idle";
  /** Bytes of each message. */
  size: number;
  /** Open at a time. */
  associations: number;
  /** Messages on their way, or cycles under way. */
  outstanding: number;
  /** Where the server listens; the client's. */
  port: number;
}

export function parseTask([role, load, ...numbers]: string[]): Task {
  const [size = 0, warmUpMs = 0, runMs = 0, associations = 0, outstanding = 0, port = 0] = numbers.map(
    Number,
  );
  return {
    role: role as Task["role"],
    load: load as Task["load"],
    ...{ size, warmUpMs, runMs, associations, outstanding, port },
  };
}
