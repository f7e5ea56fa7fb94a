/**
 * A server in a process of its own, for tests that end processes: listens as its argument (JSON) says, echoes, and
 * writes a line for what happens.
 */
import process from "node:process";
import { createServer, type ListenOptions, type Socket } from "netsctp";
import type { Program } from "./programs.ts";
import { type RuntimeName, startOn } from "./runtimes.ts";

/** What it does at SIGTERM. */
export type AtSignal = "exit" | "end";

/** Starts it; what a client needs to reach it. */
export async function startServing(
  runtime: RuntimeName,
  options: ListenOptions,
  atSignal?: AtSignal,
): Promise<{ program: Program; port: number; udpPort: number | undefined }> {
  const program = startOn(runtime, "test/helpers/serving_program.ts", [
    JSON.stringify(options),
    ...(atSignal ? [atSignal] : []),
  ]);
  const [, port, udpPort] = await program.says(/listening (\d+) (\d+|undefined)\n/);
  return { program, port: Number(port), udpPort: Number(udpPort) || undefined };
}

const [, , options, atSignal] = process.argv;
if (options !== undefined && /serving_program\.[tj]s$/.test(process.argv[1] ?? "")) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    console.log(`connection ${socket.remotePort}`);
    socket.on("notification", ({ interpreted }) => console.log(interpreted));
    socket.on("error", (error) => console.log(error.message)).on("close", () => console.log("closed"));
    socket.pipe(socket);
  });
  server.listen(
    JSON.parse(options),
    () => console.log(`listening ${server.address()!.port} ${server.udpPort}`),
  );
  if (atSignal === "exit") process.once("SIGTERM", () => process.exit(143));
  if (atSignal === "end") {
    process.once("SIGTERM", () => {
      server.close();
      sockets.forEach((socket) => socket.end());
    });
  }
}
