/** How commands wait for peers. */
import { type AddressInfo, createServer, type Server, type ServerOptions, type Socket } from "../mod.ts";
import type { StackOptions } from "./command.ts";
import type { Output } from "./output.ts";
import { chooseStack } from "./stack.ts";
import { onceAborted, stopSignal } from "./stop.ts";
import { hostPort, type Target } from "./target.ts";

/** Resolves to the server once it listens, and has told where. Stopping the program closes it. */
export async function serve(
  { hosts, port }: Target,
  options: StackOptions,
  output: Output,
  association: ServerOptions,
  listener: (socket: Socket) => void,
): Promise<Server> {
  const stop = stopSignal(); // from now on it is heeded: who is told below may stop this at once
  const info = await chooseStack(options, output);
  const server = createServer({ ...association, stack: info.stack }, listener);
  const { udpPort } = options;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({
      port,
      ...(hosts.length > 0 && { localAddresses: hosts }),
      ...(udpPort !== undefined && { udpPort }),
    }, resolve);
  });
  tellListening(server, output);
  onceAborted(stop, () => void (server.listening && server.close()));
  return server;
}

function tellListening(server: Server, output: Output): void {
  const addresses: AddressInfo[] = server.getLocalAddresses();
  const { stack } = server;
  const udpPort = stack === "userspace" ? server.udpPort : undefined; // part of its address there
  output.emit({ event: "listening", stack, addresses, ...(udpPort !== undefined && { udpPort }) });
  const where = addresses.map(({ address, port }) => hostPort(address, port)).join(" ");
  output.note(`listening on ${where} (${stack}${udpPort === undefined ? "" : `, UDP port ${udpPort}`})`);
}
